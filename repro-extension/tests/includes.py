#!/usr/bin/env python3
"""Reads every #include of the Windows half and fails on an arrow that runs back, or on a circle.

usage: includes.py REPRO_EXTENSION_FOLDER
"""
import pathlib
import re
import sys

# Each part of the program with its rooms, and the rooms that each of these may include from, besides
# itself. A room that isn't here may not exist.
PARTS = {
    "extension": {".": []},
    "host": {
        "base": [],
        "faults": ["base"],
        "net": ["faults", "base"],
        "isapi": ["net", "faults", "base"],
        ".": ["isapi", "net", "faults", "base"],
    },
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def read(folder, rooms):
    """The units of a folder, each with those it includes, and a sentence for each wrong include.

    NAME.hpp and NAME.cpp are one unit, so a source that includes what includes its own header is a
    circle too.
    """
    units = {}
    faults = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".cpp", ".hpp")):
        place = pathlib.PurePosixPath(path.relative_to(folder))
        room = str(place.parent)
        if room not in rooms:
            faults.append(f"{folder.name}/{place}: '{room}' is no room: tests/includes.py has their list")
            continue
        included = units.setdefault(place.with_suffix(""), set())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            target = pathlib.PurePosixPath(found[1])
            if not (folder / target).exists():
                faults.append(f"{folder.name}/{place}:{number}: there is no {target}")
            elif str(target.parent) not in [room, *rooms[room]]:
                faults.append(f"{folder.name}/{place}:{number}: {room} may not include {target}")
            elif target.with_suffix("") != place.with_suffix(""):
                included.add(target.with_suffix(""))
    return units, faults


def circle(units):
    """The units of a circle in their order, or nothing."""
    done = set()
    way = []

    def visit(unit):
        if unit in way:
            return way[way.index(unit):]
        if unit in done:
            return []
        way.append(unit)
        for included in sorted(units.get(unit, ())):
            if found := visit(included):
                return found
        done.add(way.pop())
        return []

    return next((found for unit in sorted(units) if (found := visit(unit))), [])


def main():
    faults = []
    for part, rooms in PARTS.items():
        units, wrong = read(pathlib.Path(sys.argv[1]) / part, rooms)
        if not units:
            faults.append(f"there are no sources in {part}")
        faults += wrong
        if found := circle(units):
            faults.append(f"{part}: a circle: {' -> '.join(map(str, found + found[:1]))}")
        print(f"{part}: {len(units)} units")
    for sentence in faults:
        print(sentence)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
