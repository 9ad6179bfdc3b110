#!/usr/bin/env bash
# What is our own fault is told apart from the server's, named, and cured by what the sentence says.
. "$(dirname "$0")/namespace.sh"
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

# total COLUMN: of runs.csv
total() { columns "$scratch/out/runs.csv" sum "$1"; }

port_range=/proc/sys/net/ipv4/ip_local_port_range
start_fault_server --every 1000000
load=("$loadgen" run -c 64 -n 640 --send-delay 100ms --quiet --output "$scratch/out")

echo '40000 40019' >"$port_range"
expect_one_line 4 'no local port is free; give more addresses of this machine with --source-address' "${load[@]}" "$url"
expect_that 'the lack of ports is local' test "$(total local)" -gt 64
for cause in resets refused unreachable timeout closed; do
    expect_that "it is no failure of the server: $cause" test "$(total "$cause")" -eq 0
done

expect 4 'no local port is free' "$loadgen" report "$scratch/out"
expect 4 'no local port is free' "$loadgen" compare "$scratch/out" "$scratch/out/runs.csv"

rm -r "$scratch/out"
expect 0 '640' "${load[@]}" --source-address 127.0.0.2,127.0.0.10-127.0.0.18 "$url"
# Twice as many as are in flight: a closed socket's port is free only some time after.
expect_that 'ten addresses have ports for 64 connections' test "$(total answers)" -eq 640
expect_that 'no local fault' test "$(total local)" -eq 0
echo '32768 60999' >"$port_range"

expect_one_line 2 "source address '192.0.2.1' is none of this machine" "${load[@]}" --source-address 192.0.2.1 "$url"
expect_one_line 2 "source address '::1' cannot reach 127.0.0.1" "${load[@]}" --source-address ::1 "$url"

expect_one_line 4 '64 connections take' bash -c 'ulimit -n 64; exec "$@"' limited "${load[@]}" "$url"
expect 0 '640' bash -c 'ulimit -S -n 64; exec "$@"' limited "${load[@]}" "$url"
stop_fault_server

# The namespace has no route; nothing leaves it.
expect_one_line 4 '192.0.2.1:80 is unreachable' "${load[@]}" http://192.0.2.1/

# Ctrl-C twice gives up what is in flight: it is in no count.
start_fault_server --every 1 silence-after-request
rm -r "$scratch/out"
"$loadgen" run -c 8 -d 10m --timeout 5m --quiet --output "$scratch/out" "$url" >"$scratch/output" 2>"$scratch/errors" </dev/null &
run_pid=$!
interrupt_loadgen "$run_pid"
until grep -q 'Ctrl-C again' "$scratch/errors"; do kill -0 "$run_pid" || break; done
kill -INT "$run_pid"
wait "$run_pid"
expect_that 'Ctrl-C twice is exit code 130' test $? -eq 130
expect_that 'what was given up is in no count' test "$(total attempts)" -eq 0
expect_that 'and is said' grep -q '8 attempts' "$scratch/output"
stop_fault_server
finish
