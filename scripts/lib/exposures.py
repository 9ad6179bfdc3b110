#!/usr/bin/python3 -I
"""Adds up a column of isapi-host's --exposures file over the rows of one extension.

usage: exposures.py FILE NAME.dll COLUMN
"""
import csv
import sys


def main():
    path, name, column = sys.argv[1:]
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["extension"].lower() == name.lower()]
    print(sum(int(row[column]) for row in rows))


if __name__ == "__main__":
    main()
