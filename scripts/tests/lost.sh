#!/usr/bin/env bash
# A real server that is reloaded under kept connections: a gate on lost attempts fails and says
# where, and what nginx closed while it was idle is none of them.
. "$(dirname "$0")/expect.sh"

# shellcheck source=scripts/lib/nginx.sh
. "$scripts/lib/nginx.sh"

PATH=$PATH:/usr/sbin command -v nginx >/dev/null || {
    skip 'no nginx; ./scripts/setup.sh bench installs it, and Debian then starts its service on port 80'
}
reloads=5
most_runs=20

# One run with five reloads; sets code and dir.
run_with_reloads() {
    local i run_pid
    dir=$scratch/run$1
    "$loadgen" run -k -c 128 -d 3s --send-delay uniform:1ms..20ms --quiet --fail-on 'lost>0' --output "$dir" \
        "http://127.0.0.1:$port/" >"$scratch/output" 2>"$scratch/errors" </dev/null &
    run_pid=$!
    for ((i = 0; i < reloads; ++i)); do
        sleep 0.5
        kill -HUP "$server_pid"
    done
    wait "$run_pid"
    code=$?
}

start_nginx || exit 1
run=1
run_with_reloads "$run"
while [ "$code" -eq 0 ] && [ "$run" -lt "$most_runs" ]; do
    echo "run $run: nginx lost nothing in $reloads reloads; again"
    run=$((run + 1))
    run_with_reloads "$run"
done
expect_that "in $((run * reloads)) reloads nginx loses an attempt, and the gate on it is exit code 1" test "$code" -eq 1
cat "$scratch/output" "$scratch/errors"

expect_that 'the gate, the files and each other agree' /usr/bin/python3 - "$dir" "$scratch/errors" "$scratch/output" <<'PYTHON'
import csv, sys

folder, errors, output = sys.argv[1:]
rows = lambda name: list(csv.DictReader(open(f"{folder}/{name}")))
run, = rows("runs.csv")
failures = {"reset", "broken_pipe", "aborted", "closed"}
phases = {"send", "await", "receive", "reuse"}
cells = [row for row in rows("outcomes.csv") if row["cause"] in failures and row["phase"] in phases]
lost = sum(int(row["count"]) for row in cells)
assert lost > 0
assert int(run["lost"]) == lost, (run["lost"], lost)
assert sum(int(row["lost"]) for row in rows("intervals.csv")) == lost
assert len([row for row in rows("events.csv") if row["cause"] in failures and row["phase"] in phases]) == lost

# What nginx closed while it was idle is counted by itself, and stands in no cell.
idle_closes = int(run["idle_closes"])
assert idle_closes > 0
assert not [row for row in rows("outcomes.csv") if (row["cause"], row["phase"]) == ("closed", "idle")]
assert f"{idle_closes:,} attempts found their idle connection closed" in open(output).read()
assert f"lost      {lost:,}, " in open(output).read()

sentence, = open(errors).read().splitlines()
assert sentence.startswith(f"loadgen: error: lost>0: {lost:,} of {int(run['attempts']):,} attempts ("), sentence
where = sentence.split("): ")[1].split(", ")
assert sorted(where) == sorted(f"{row['cause']} in {row['phase']} {int(row['count']):,}" for row in cells), sentence
PYTHON

finish
