"""Holds the rendered manual page against what --help of every command says: all of it, and no option
that it does not have.

usage: manual.py LOADGEN RENDERED_PAGE
"""
import re
import subprocess
import sys

OPTION = re.compile(r"^ +(?:-\w, +)?--[a-z]", re.M)


def squeezed(text):
    return " ".join(text.split())


def help_of(loadgen, *command):
    done = subprocess.run([loadgen, *command, "--help"], check=True, capture_output=True, text=True)
    return done.stdout


def said(text):
    """What --help says below its usage, piece by piece: an option, a paragraph, a section."""
    _, about, *rest = text.split("\n\n")
    yield about
    for paragraph in rest:
        title, lines = re.fullmatch(r"([^:\n]+):\s(.*)", paragraph.strip("\n"), re.S).groups()
        if OPTION.match(lines):
            yield from re.split(r"\n(?= +(?:-\w, +)?--[a-z])", lines)
        else:
            yield title + " " + lines


def main():
    loadgen, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        rendered = file.read()
    page = squeezed(rendered)
    commands = re.findall(r"^  (\w+) +(.+)", help_of(loadgen), re.M)
    pieces = [" ".join(command) for command in commands]
    for name, _ in commands:
        pieces += said(help_of(loadgen, name))
    missing = [piece for piece in map(squeezed, pieces) if piece not in page]
    for piece in missing:
        print(f"the manual page does not say: {piece}")
    options = sum(bool(OPTION.match(piece)) for piece in pieces)
    in_page = len(re.findall(r"^ {7}(?:-\w, )?--[a-z]", rendered, re.M))
    print(f"{len(pieces)} pieces, {options} options; the page has {in_page}")
    return 0 if commands and options == in_page and not missing else 1


if __name__ == "__main__":
    sys.exit(main())
