#!/usr/bin/python3 -I
"""Says in plain words what was found of an extension: from what isapi-host counted and loadgen saw.

usage: diagnosis.py NAME.dll PROBES RESULTS_FOLDER

Exit code: 0 clean, 1 faulty, 3 undecided.
"""
import csv
import pathlib
import sys
import textwrap

CURE = ("The cure: answer from threads that stay (a pool that waits at a completion port), or within "
        "HttpExtensionProc; KB 813531 names the pool. What a thread must not do is exit soon after DONE_WITH_SESSION.")


def rows_of(path, name):
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["extension"].lower() == name.lower()]


def total(rows, column):
    return sum(int(row[column]) for row in rows)


def counts_of(folder):
    with open(folder / "runs.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return total(rows, "attempts"), total(rows, "resets"), total(rows, "lost")


def verdict_of(folder):
    with open(folder / "regression.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))[-1]


def places(rows):
    """Where the threads began, once each."""
    found = {}
    for row in rows:
        if row["thread_start"]:
            place = row["thread_start"] + (f" ({row['function']})" if row["function"] else "")
            found[place] = found.get(place, 0) + sum(int(row[column]) for column in ("exposures", "reads", "calls"))
    return [f"{place}, {count:,} times" if len(found) > 1 else place for place, count in found.items()]


def percent(part, whole):
    return f"{100 * part / whole:.3g} %" if whole else "0 %"


def faulty(name, probes, probe_rows, rows, folder):
    attempts, resets, lost = counts_of(folder)
    requests, exposures = total(probe_rows, "requests"), total(probe_rows, "exposures")
    reads = total(probe_rows, "reads")
    both = probe_rows + rows
    yield f"Faulty: {name} resets connections."
    calls = total(both, "calls")
    if exposures + reads:
        yield (f"In {exposures:,} of {requests:,} requests, one after the other, the thread that called DONE_WITH_SESSION "
               f"exited while the AcceptEx that the server had posted in it was pending; the system cancels it then"
               + (f". In {reads:,} more it was the read of a kept connection." if reads else "."))
    elif not calls:
        yield (f"The {requests:,} requests before the load showed nothing; under load "
               f"{total(rows, 'exposures'):,} of {total(rows, 'requests'):,} did.")
    if calls:
        yield (f"{calls:,} asynchronous calls of its own (a read, a write, a file) were cancelled in the same way: the "
               "thread that had made them exited.")
    where = places(both)
    if where:
        yield "The thread began at " + "; ".join(where) + "."
    yield (f"Under load {resets:,} of {attempts:,} attempts were reset ({percent(resets, attempts)}); {lost:,} were lost. "
           f"The host had {total(rows, 'victims'):,} clients on such an AcceptEx.")
    if resets == 0:
        yield ("No reset came of it under this load, since an older AcceptEx was always at hand. More clients that "
               "are connected and have not sent would meet it: see the table.")
    yield CURE


def clean(name, probe_rows, rows, folder):
    attempts, resets, _ = counts_of(folder)
    row = verdict_of(folder)
    limit, confidence = float(row["max_reset_rate"]), float(row["confidence"])
    requests = total(probe_rows, "requests") + total(rows, "requests")
    yield f"Clean: {name} leaves no AcceptEx to a thread that exits."
    yield (f"There was no exposure in {requests:,} requests. {resets:,} of {attempts:,} attempts under load were reset: at "
           f"most {100 * limit:g} % are, with {100 * confidence:g} % confidence.")


def undecided(name, rows, folder):
    attempts, resets, lost = counts_of(folder)
    yield f"Undecided: {name}."
    yield (f"There was no exposure, but {resets:,} of {attempts:,} attempts under load were reset and {lost:,} lost, and too "
           f"few were made to say more. --max-attempts allows more.")


def main():
    name, probes, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    probe_rows = rows_of(folder / "exposures-probes.csv", name)
    rows = rows_of(folder / "exposures.csv", name)
    exposed = sum(total(probe_rows + rows, column) for column in ("exposures", "reads", "calls"))
    verdict = verdict_of(folder)["verdict"]
    if exposed or verdict == "failed":
        code, sentences = 1, faulty(name, probes, probe_rows, rows, folder)
    elif verdict == "as expected":
        code, sentences = 0, clean(name, probe_rows, rows, folder)
    else:
        code, sentences = 3, undecided(name, rows, folder)
    print("\n".join(textwrap.fill(sentence, 100) for sentence in ["", *sentences, ""]))
    return code


if __name__ == "__main__":
    sys.exit(main())
