#!/usr/bin/env python3
"""Reads every #include of loadgen and fails on an arrow that runs back.

usage: includes.py LOADGEN_FOLDER
"""
import pathlib
import re
import sys

# Each room with the rooms that it may include from, besides itself. A room that isn't here may not exist.
LOADGEN = {
    "measure": [],
    "verdict": ["measure"],
    "client/engine": [],
    "client": ["client/engine", "measure"],
    "process": [],
    "storage/table": ["measure", "process"],
    "storage/rows": ["storage/table", "measure", "process", "verdict"],
    "storage": ["storage/rows", "storage/table", "measure", "verdict"],
    "report": ["measure", "verdict", "storage", "storage/rows", "storage/table", "process"],
    "report/html": ["report", "measure", "verdict", "process"],
    "report/files": ["report/html", "report", "verdict", "process"],
    "help": [],
    "options": ["help", "report/files", "process", "client", "client/engine", "report", "verdict", "measure"],
    "experiment": ["process", "client", "client/engine", "storage", "report", "verdict", "measure"],
    "commands": ["options", "help", "report/files", "report/html", "experiment", "process", "client", "client/engine", "storage", "storage/rows", "report", "verdict", "measure"],
    ".": ["commands", "help", "options", "process", "client", "client/engine", "measure"],  # main.cpp
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def room_of(path):
    return str(path.parent)


def faults(folder):
    """A sentence for each include that may not be."""
    files = [path for path in folder.rglob("*") if path.suffix in (".cpp", ".hpp")]
    for path in sorted(files):
        place = path.relative_to(folder)
        if place.parts[0] in ("tests", "bench", "cmake"):
            continue
        room = room_of(place)
        if room not in LOADGEN:
            yield f"{place}: '{room}' is no room of loadgen: tests/includes.py has their list"
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            target = pathlib.PurePosixPath(found[1])
            if not (folder / target).exists():
                yield f"{place}:{number}: there is no {target} in loadgen"
            elif room_of(target) not in [room, *LOADGEN[room]]:
                yield f"{place}:{number}: {room} may not include {target}"


def main():
    found = list(faults(pathlib.Path(sys.argv[1])))
    for sentence in found:
        print(sentence)
    print(f"{len(found)} includes run back")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
