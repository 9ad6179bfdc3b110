"""Has three readers of JUnit files read all files of a folder, as the jobs of one CI, and says what each
shows otherwise than the files mean it.

usage: junit_readers.py READERS FOLDER
"""
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

import junitparser

READERS, FOLDER = (pathlib.Path(argument) for argument in sys.argv[1:])
# Of every verdict there has to be one, or this says nothing of it.
VERDICTS = {("passed", ""), ("failure", "gate"), ("failure", "inconclusive"), ("error", "invalid"),
            ("error", "interrupted"), ("skipped", "merged")}


def meant():
    """(name, state, type, sentence) of each case, as the files have it."""
    for path in sorted(FOLDER.glob("*.xml")):
        for case in tree.parse(path).iter("testcase"):
            trouble = next(iter(case), None)
            if trouble is None:
                yield case.get("name"), "passed", "", ""
            else:
                yield case.get("name"), trouble.tag, trouble.get("type"), trouble.get("message")


def by_xunit_viewer():
    """From what it prints: a mark, the name, and the text below."""
    marks = {"✗": "failure", "✓": "passed", "!": "error", "⊘": "skipped", "?": "unknown"}
    with tempfile.TemporaryDirectory() as scratch:
        said = subprocess.run(
            ["node", READERS / "node_modules/.bin/xunit-viewer", "--results", FOLDER, "--console", "--no-color",
             "--clear=false", "--output", f"{scratch}/page.html"],
            check=True, capture_output=True, text=True).stdout
    shown = re.split(rf"^     ([{''.join(marks)}]) (.*?)(?: time=[0-9.]+)?$", said, flags=re.MULTILINE)[1:]
    for mark, name, text in zip(shown[::3], shown[1::3], shown[2::3]):
        yield name.strip(), marks[mark], text


def by_allure():
    """From the report's data. What it takes for an earlier try of the same case is not shown."""
    states = {"failed": "failure", "broken": "error", "passed": "passed", "skipped": "skipped"}
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["node", READERS / "node_modules/.bin/allure", "generate", FOLDER, "--output", f"{scratch}/report"],
                       check=True, capture_output=True, cwd=scratch)
        for path in pathlib.Path(scratch).rglob("data/test-results/*.json"):
            case = json.loads(path.read_text(encoding="utf-8"))
            if not case["isRetry"]:
                text = html.unescape(case.get("error", {}).get("message", ""))  # it reads no reference
                yield html.unescape(case["name"]), states.get(case["status"], case["status"]), text


def by_junitparser():
    for path in sorted(FOLDER.glob("*.xml")):
        for suite in junitparser.JUnitXml.fromfile(str(path)):
            for case in suite:
                result = case.result[0] if case.result else None
                yield case.name, type(result).__name__.lower() if result else "passed", result.text if result else ""


def faults():
    cases = list(meant())
    names = [name for name, *_ in cases]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{names.count(name)} cases have the name '{name}'"
    for state, kind in VERDICTS - {(state, kind) for _, state, kind, _ in cases}:
        yield f"no case is {state} {kind}".rstrip()
    for reader in (by_xunit_viewer, by_allure, by_junitparser):
        shown = list(reader())
        print(f"{reader.__name__[3:]}: {len(shown)} of {len(cases)} cases")
        for name, state, kind, sentence in cases:
            if not any(one == name and mark == state and sentence in text for one, mark, text in shown):
                found = [(mark, text[:100]) for one, mark, text in shown if one == name]
                yield f"{reader.__name__[3:]}: '{name}' is not {state} with '{sentence}': {found}"
        if len(shown) != len(cases):
            yield f"{reader.__name__[3:]} shows {len(shown)} cases of {len(cases)}"


found = list(faults())
for sentence in found:
    print(sentence)
print(f"{len(found)} faults")
