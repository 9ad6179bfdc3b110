#!/usr/bin/env python3
"""Runs accept-probe.exe, and holds what it says against what must be so on every system, and against
what is known of Wine.

usage: check.py PROGRAM [ARGUMENT...]

What stands before the program's own options: an emulator with accept-probe.exe, or only that. With an
emulator the clients are outside (clients.py).
"""
import itertools
import json
import pathlib
import re
import subprocess
import sys
import tempfile

DIRECTLY = sys.argv[1:]
CLIENTS = [sys.executable, "-I", str(pathlib.Path(__file__).with_name("clients.py"))]
UNDER_EMULATOR = len(DIRECTLY) > 1
SAID = CLIENTS + DIRECTLY if UNDER_EMULATOR else DIRECTLY
faults = []


def expect(condition, sentence):
    if not condition:
        faults.append(sentence)


def run(command, *options):
    return subprocess.run([*command, *options], capture_output=True, text=True, timeout=280, stdin=subprocess.DEVNULL)


def check_usage():
    for options, code, text in [
        (["--help"], 0, "--json"),
        (["--frobnicate"], 2, "--frobnicate"),
        (["--json"], 2, "--json"),
        (["--json", "nowhere/at/all.json"], 2, "cannot write 'nowhere/at/all.json'"),
        (["--clients", "nowhere"], 2, "'nowhere' is not of the form"),
        # Nobody listens at the port of discard.
        (["--clients", "127.0.0.1:9"], 3, "connect to --clients 127.0.0.1:9 failed: "),
    ]:
        got = run(DIRECTLY, *options)
        where, other = (got.stdout, got.stderr) if code == 0 else (got.stderr, got.stdout)
        lines = where.count("\n")
        expect(got.returncode == code and text in where and not other and (code == 0 or lines == 1),
               f"{options}: exit code {got.returncode}, stdout {got.stdout!r}, stderr {got.stderr!r}")


def check_text(text, found):
    head, table, last = text.split("\n\n")
    names, *rows = [re.split(r" {2,}", line) for line in table.splitlines()]
    expect([dict(zip(names, row)) for row in rows] == found["rows"], "text and JSON have other rows")
    wine = f" (Wine {found['wine']})" if found["wine"] else ""
    system = f"system: Windows {found['windows']}{wine}, {found['pointer_bits']}-bit pointers"
    expect(head.splitlines()[0] == system, f"the first line is not '{system}'")
    expect(("another process" in head.splitlines()[1]) == (found["clients"] == "another process"),
           "text and JSON name other clients")
    expect(f"{found['patience_ms']} ms" in head, "the text does not say how long nothing is")
    expect(("does not" in last and found["holds"]) or last.strip() == found["otherwise"], "text and JSON end otherwise")


def rows_of(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def holds(rows):
    """The promise of --thread-exit, read again from the rows."""
    cancels = [row for client in ("none", "silent")
               for row in rows_of(rows, ended_by="thread exit", port="yes", event="set", client=client, length="1024")]
    keeps = [row for client in ("none", "silent")
             for row in rows_of(rows, ended_by="thread exit", port="yes", event="none", client=client, length="1024")]
    return (len(cancels) == len(keeps) == 2
            and all((row["cancelled"], row["packet"]) == ("yes", "995") for row in cancels)
            and all((row["cancelled"], row["packet"], row["later"]) == ("no, pending", "none", "completes") for row in keeps))


def check_rows(rows):
    for port, event, client in itertools.product(("yes", "no"), ("set", "none", "low bit"), ("none", "silent", "has sent")):
        expect(len(rows_of(rows, ended_by="thread exit", port=port, event=event, client=client, length="1024")) == 1,
               f"not one row for port {port}, event {event}, client {client}")
    names = ("ended_by", "port", "event", "client", "length")
    expect(len({tuple(row[name] for name in names) for row in rows}) == len(rows), "a row is there twice")
    controls = rows_of(rows, ended_by="CancelIoEx")
    expect(len(controls) >= 4 and all(row["cancelled"] == "yes" for row in controls), "CancelIoEx does not cancel")
    stays = rows_of(rows, ended_by="nothing")
    expect(len(stays) >= 2 and all(row["cancelled"] == "no, pending" and row["later"] == "completes" for row in stays),
           "an AcceptEx that nothing ends does not stay")
    for row in rows:
        def so(condition, sentence, row=row):
            expect(condition, f"{sentence}: {row}")

        so((row["packet"] == "-") == (row["port"] == "no"), "packets come to a port, and to nothing else")
        if row["port"] == "yes" and row["event"] != "low bit":
            so((row["packet"] == "995") == (row["cancelled"] == "yes"), "995 is the packet of what was cancelled")
            so((row["packet"] == "none") == (row["cancelled"] == "no, pending"), "what has ended has a packet")
        so((row["later"] == "-") == (row["cancelled"] != "no, pending"), "bytes come later to what is pending")
        if row["client"] == "none":
            so(row["connect_time"] == "nobody", "nobody has connected")
            so(row["client_before"] == row["client_plain"] == row["client_linger0"] == "-", "no client sees anything")
        else:
            so(row["connect_time"] != "nobody", "the client is forgotten")
            so(row["client_before"] != "-", "the client was asked")
            closed = row["ended_by"] == "close of its socket" or row["client_before"] != "nothing"
            so((row["client_plain"] == "-") == (row["client_linger0"] == "-") == closed, "it was asked after the close")
        if row["client"] == "has sent":
            so(row["cancelled"] == "no, completed", "what was complete is not cancelled")


def check_wine(found):
    """What isapi-host's tests and loadgen's counts rest on. Wine cancels from 7.10 on."""
    expect(found["holds"], f"{found['otherwise']}")
    for row in found["rows"]:
        if row["client_before"] == "nothing":
            expect((row["client_plain"], row["client_linger0"]) == ("FIN", "RST"), f"FIN, and RST by linger 0: {row}")


def main():
    check_usage()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        file = pathlib.Path(folder).name + "/probe.json"
        got = run(SAID, "--json", file)
        print(got.stdout)
        expect(not got.stderr, f"it says on stderr: {got.stderr}")
        expect(got.returncode in (0, 1), f"exit code {got.returncode}")
        found = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    expect(found["clients"] == ("another process" if UNDER_EMULATOR else "this process"), "other clients were used")
    expect(found["holds"] == holds(found["rows"]), "what holds is not what the rows say")
    expect(got.returncode == (0 if found["holds"] else 1), f"exit code {got.returncode}, and holds: {found['holds']}")
    expect((found["otherwise"] is None) == found["holds"], "there is a sentence if, and only if, a row is otherwise")
    check_text(got.stdout, found)
    check_rows(found["rows"])
    if UNDER_EMULATOR:
        check_wine(found)
    for sentence in faults:
        print("FAILED:", sentence)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
