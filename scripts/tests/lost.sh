#!/usr/bin/env bash
# A real server that is reloaded under kept connections: a gate on lost attempts fails and says where, and what nginx closed
# while it was idle is none of them.
. "$(dirname "$0")/expect.sh"

nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || {
    echo 'skipped: no nginx (scripts/setup.sh bench installs it, and Debian then starts its service on port 80)'
    exit 77
}
reloads=5
most_runs=20

on_exit() {
    [ -z "${nginx_pid:-}" ] || kill "$nginx_pid" 2>/dev/null
    rm -rf "$scratch"
}

configuration() {
    local folder
    cat <<TEXT
daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    default_type text/plain;
TEXT
    for folder in client_body proxy fastcgi uwsgi scgi; do echo "    ${folder}_temp_path $folder;"; done
    cat <<TEXT
    server {
        listen 127.0.0.1:$port;
        location / { return 200 "hello"; }
    }
}
TEXT
}

# Sets port and nginx_pid. nginx can't be told to let the system choose, and between the choice and its bind somebody else may
# take the port.
start_nginx() {
    local try
    mkdir "$scratch/nginx"
    for try in 1 2 3 4 5; do
        port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        configuration >"$scratch/nginx/nginx.conf"
        "$nginx" -e error.log -p "$scratch/nginx/" -c nginx.conf 2>"$scratch/nginx/stderr" &
        nginx_pid=$!
        until "$loadgen" run -n 1 --quiet --fail-on 'http_2xx<1' "http://127.0.0.1:$port/" >"$scratch/output" 2>&1; do
            kill -0 "$nginx_pid" 2>/dev/null || break
            sleep 0.1
        done
        if kill -0 "$nginx_pid" 2>/dev/null; then return; fi
    done
    cat "$scratch/nginx/stderr" "$scratch/nginx/error.log"
    echo "nginx did not start in $try tries"
    exit 1
}

# One run with five reloads; sets code and dir.
run_with_reloads() {
    local i run_pid
    dir=$scratch/run$1
    "$loadgen" run -k -c 128 -d 3s --send-delay uniform:1ms..20ms --quiet --fail-on 'lost>0' --output "$dir" \
        "http://127.0.0.1:$port/" >"$scratch/output" 2>"$scratch/errors" </dev/null &
    run_pid=$!
    for ((i = 0; i < reloads; ++i)); do
        sleep 0.5
        kill -HUP "$nginx_pid"
    done
    wait "$run_pid"
    code=$?
}

start_nginx
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

kill "$nginx_pid"
wait "$nginx_pid"
nginx_pid=
finish
