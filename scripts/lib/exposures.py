#!/usr/bin/python3 -I
"""Adds up a column of isapi-host's --exposures file over the rows of one extension, or takes the least.

usage: exposures.py FILE NAME.dll COLUMN [least]
"""
import csv
import sys


def main():
    path, name, column, *least = sys.argv[1:]
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["extension"].lower() == name.lower()]
    values = [int(row[column] or 0) for row in rows]
    print(min(values, default=0) if least else sum(values))


if __name__ == "__main__":
    main()
