#!/usr/bin/python3 -I
"""One row of study.csv: a point of the study, what was measured and what the model says.

usage: row.py POINTS.csv ID RUNS.csv PREDICTION.csv REPLAY.csv CONFIDENCE
       row.py --header
"""
import csv
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import interval  # noqa: E402

MEASURED = ("blocks,attempts,resets,measured,low,high,interval,other_failures,late_starts,first_byte_p50_us,"
            "first_byte_p99_us").split(",")
PREDICTED = "predicted,standard_error,inside,replayed".split(",")


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mean_delay(text):
    """Of 20ms, uniform:0ms..40ms or exp:20ms, in seconds."""
    numbers = [float(part.removesuffix("ms")) for part in text.split(":")[-1].split("..")]
    return sum(numbers) / len(numbers) / 1000


def load_over_outstanding(point):
    """L x D / N in an open loop; connections / N in a closed one."""
    silent = float(point["rate"]) * mean_delay(point["send_delay"]) if point["rate"] else float(point["connections"])
    return silent / int(point["outstanding"])


def main():
    if sys.argv[1:] == ["--header"]:
        columns = ("id,sweep,held_out,outstanding,backlog,linger_ms,rate,arrivals,connections,ramp,send_delay,left_over".split(",")
                   + ["load"] + MEASURED + PREDICTED)
        print(",".join(columns))
        return
    points, number, runs, prediction, replay, confidence = sys.argv[1:]
    point = next(row for row in rows(points) if row["id"] == number)
    blocks = rows(runs)
    counts = [(int(row["resets"]), int(row["attempts"])) for row in blocks]
    low, high, kind = interval.of_blocks(counts, float(confidence))
    resets, attempts = (sum(column) for column in zip(*counts))
    failures = sum(int(row["attempts"]) - int(row["answers"]) - int(row["resets"]) for row in blocks)
    late = sum(int(row["delayed_starts"]) + int(row["unstarted"]) for row in blocks)

    def largest(column):
        return max((int(row[column]) for row in blocks if row[column]), default="")

    predicted = rows(prediction)[0]
    rate = float(predicted["reset_rate"])
    cells = list(point.values()) + [
        f"{load_over_outstanding(point):.3f}", len(blocks), attempts, resets, f"{resets / attempts:.5f}",
        f"{low:.5f}", f"{high:.5f}", kind, failures, late, largest("first_byte_p50_us"),
        largest("first_byte_p99_us"), f"{rate:.5f}", predicted["standard_error"],
        "yes" if low <= rate <= high else "no"]
    cells += [row["reset_rate"] for row in rows(replay)] or [""]
    print(",".join(str(cell) for cell in cells))


if __name__ == "__main__":
    main()
