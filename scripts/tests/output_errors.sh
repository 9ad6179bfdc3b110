#!/usr/bin/env bash
# Nowhere to write, and death in the midst of it: exit code 4 and a sentence, and what was written
# before can be read.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

echo 'time_us,client_address,client_port,thread_start' >"$scratch/no-victims.csv"

# readable EVENTS: loadgen reads every whole line of it, of which there is one at least.
readable() {
    local rows
    rows=$(tail -n +2 "$1" | grep -c '') # one too many if the last line is cut short
    [ -z "$(tail -c 1 "$1")" ] || rows=$((rows - 1))
    "$loadgen" reconcile --events "$1" --victims "$scratch/no-victims.csv" >"$scratch/reconciled"
    [ $? -le 1 ] && [ "$rows" -gt 0 ] && tr -d , <"$scratch/reconciled" | grep -q "^$rows resets seen by clients"
}

start_fault_server --every 2 reset-after-request
load=("$loadgen" run -c 8 --quiet)

: 'stdout'
expect_one_line 4 'stdout is closed' bash -c '"$@" >&-' shell "${load[@]}" -n 10 --output "$scratch/never" "$url"
expect_that 'nothing was begun' test ! -e "$scratch/never"
expect_one_line 4 'cannot write the result to stdout: No space left on device' \
    bash -c '"$@" >/dev/full' shell "${load[@]}" -n 100 --output "$scratch/full-stdout" "$url"
expect_that 'the files are there all the same' readable "$scratch/full-stdout/events.csv"
expect 4 'cannot write the result to stdout: Broken pipe' \
    bash -c 'exec 3> >(true); wait $!; "$@" >&3' shell "${load[@]}" -n 100 "$url"
expect_one_line 4 'stdout is closed' bash -c '"$@" >&-' shell "$loadgen" --version
expect 0 'attempts  10' bash -c '"$@" <&- 2>&-' shell "${load[@]}" -n 10 "$url"

: 'files'
expect_one_line 4 "cannot write '$scratch/limited/events.csv': File too large" \
    bash -c 'ulimit -f 64; "$@"' shell "${load[@]}" -n 100000 --output "$scratch/limited" "$url"
expect_that 'what fitted can be read' readable "$scratch/limited/events.csv"
expect_one_line 4 "cannot write '$scratch/links/runs.csv': No space left on device" bash -c 'mkdir -p "$1"; ln -sf /dev/full "$1/runs.csv"; shift; "$@"' \
    shell "$scratch/links" "${load[@]}" -n 100 --output "$scratch/links" "$url"
if unshare --mount true 2>/dev/null; then
    mkdir "$scratch/small"
    expect_one_line 4 "cannot write '$scratch/small/events.csv': No space left on device" unshare --mount bash -c '
        disk=$1; shift
        mount -t tmpfs -o size=128k none "$disk" && "$@"; code=$?
        tail -n +2 "$disk/events.csv" | head -n -1 | grep -v -E "^[^,]+(,[^,]*){13}$" && echo "a broken line"
        exit $code' shell "$scratch/small" "${load[@]}" -n 100000 --output "$scratch/small" "$url"
else
    echo 'skipped: no mount namespace can be made here'
fi

: 'kill -9, each time a little later; and each time the same files go on'
already=0
for size in 1 20000 40000 60000 80000 100000 120000 140000; do
    "${load[@]}" -d 10m --output "$scratch/killed" "$url" >/dev/null 2>&1 </dev/null &
    run_pid=$!
    until [ "$(stat -c %s "$scratch/killed/events.csv" 2>/dev/null || echo 0)" -gt $((already + size + 300)) ]; do
        kill -0 "$run_pid" 2>/dev/null || { echo 'FAILED: the load ended by itself'; exit 1; }
    done
    kill -KILL "$run_pid"
    wait "$run_pid" 2>/dev/null
    expect_that "readable after kill -9 at $size bytes" readable "$scratch/killed/events.csv"
    already=$(stat -c %s "$scratch/killed/events.csv")
done
expect 0 'attempts  100' "${load[@]}" -n 100 --output "$scratch/killed" "$url"
expect_that 'appended to, it is readable still' readable "$scratch/killed/events.csv"
expect_that 'only the run that ended is in runs.csv' test "$(wc -l <"$scratch/killed/runs.csv")" -eq 2
stop_fault_server
finish
