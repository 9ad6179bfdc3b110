"""Reads CSV files for the script tests, by the names of columns. A name that is not there is an
error that says so.

usage: columns.py FILE... values COLUMN... [where COLUMN=VALUE[,VALUE...]...]
           a line a row: what these columns have
       columns.py FILE... sum COLUMN... [by COLUMN...] [where ...]
           the sums of these columns over all rows, or a line for each value of the columns after `by`
       columns.py FILE... rows [by COLUMN...] [where ...]
           the same, of how many rows there are
A FILE of - is stdin.
"""
import csv
import sys
from collections import defaultdict

words = {"files": []}
place = words["files"]
for argument in sys.argv[1:]:
    if argument in ("values", "sum", "rows", "by", "where"):
        place = words.setdefault(argument, [])
    else:
        place.append(argument)
conditions = []
for word in words.get("where", []):
    name, _, values = word.partition("=")
    conditions.append((name, values.split(",")))
if not words["files"] or len({"values", "sum", "rows"} & set(words)) != 1:
    sys.exit(__doc__)
wanted = [name for clause in ("values", "sum", "by") for name in words.get(clause, [])]
wanted += [name for name, _ in conditions]

sums = defaultdict(lambda: [0] * len(words.get("sum", ["rows"])))
if "by" not in words:
    sums[()]  # no row at all is a sum of 0
for path in words["files"]:
    try:
        file = sys.stdin if path == "-" else open(path, newline="")
    except OSError as error:
        sys.exit(f"columns.py: cannot read '{path}': {error.strerror}")
    with file:
        reader = csv.DictReader(file)
        for name in wanted:
            if name not in (reader.fieldnames or []):
                sys.exit(f"columns.py: '{path}' has no column '{name}'")
        for row in reader:
            if not all(row[name] in values for name, values in conditions):
                continue
            if "values" in words:
                print(*(row[name] for name in words["values"]))
            total = sums[tuple(row[name] for name in words.get("by", []))]
            for at, name in enumerate(words.get("sum", ["rows"])):
                total[at] += int(row[name]) if "sum" in words else 1
if "values" not in words:
    for key in sorted(sums):
        print(*key, *sums[key])
