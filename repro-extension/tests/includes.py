#!/usr/bin/env python3
"""Reads every #include of a folder and fails on a circle. NAME.hpp and NAME.cpp are one part, so a
source that includes what includes its own header is a circle too.

usage: includes.py FOLDER...
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def includes(folder):
    """The parts of a folder, each with the parts it includes, and a sentence for each include of nothing."""
    parts = {}
    faults = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".cpp", ".hpp"):
            continue
        included = parts.setdefault(path.stem, set())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            if not (folder / found[1]).exists():
                faults.append(f"{path.name}:{number}: there is no {found[1]} in {folder.name}")
            elif (stem := pathlib.PurePosixPath(found[1]).stem) != path.stem:
                included.add(stem)
    return parts, faults


def circle(parts):
    """The parts of a circle in their order, or nothing."""
    done = set()
    way = []

    def visit(part):
        if part in way:
            return way[way.index(part):]
        if part in done:
            return []
        way.append(part)
        for included in sorted(parts[part]):
            if found := visit(included):
                return found
        done.add(way.pop())
        return []

    return next((found for part in sorted(parts) if (found := visit(part))), [])


def main():
    faults = []
    for folder in map(pathlib.Path, sys.argv[1:]):
        parts, missing = includes(folder)
        if not parts:
            faults.append(f"there are no sources in {folder}")
        faults += missing
        if found := circle(parts):
            faults.append(f"{folder.name}: a circle: {' -> '.join(found + found[:1])}")
        print(f"{folder.name}: {len(parts)} parts")
    for sentence in faults:
        print(sentence)
    return 1 if faults or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
