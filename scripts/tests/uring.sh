#!/usr/bin/env bash
# The trap on Linux: io_uring's requests die with the thread that submits them, those of the pool do
# not, and both ends agree to the last reset.
. "$(dirname "$0")/expect.sh"

server=$tree/repro-extension/uring/uring-server
uring=("$scripts/uring.sh" --no-build --preset "$(basename "$tree")")

# Where io_uring is forbidden, it says so, for each way in which a container forbids it.
expect_one_line 5 'this kernel has no io_uring, or a filter of system calls' "$scripts/tests/without_io_uring.py" ENOSYS "$server"
for error in EPERM ENOSYS; do
    expect_one_line 5 'io_uring' "$scripts/tests/without_io_uring.py" "$error" "${uring[@]}" --output "$scratch/none"
done
expect_that 'it leaves no results where it did nothing' test ! -e "$scratch/none"

probe=0
said=$("$server" --probe 2>&1) || probe=$?
echo "$said"
case $probe in
    5 | 6)
        [ "$failures" -eq 0 ] || finish
        skip "there is nothing to show here (exit code $probe of uring-server --probe)"
        ;;
esac
expect_that 'the probe knows what the kernel does' test "$probe" -eq 0
expect_that 'a thread that exits loses both' test "$(grep -c 'has exited .*cancelled' <<<"$said")" -eq 2
expect_that 'nobody else loses anything' test "$(grep -c 'done at its event' <<<"$said")" -eq 4

# 64 clients that are silent for 50 ms, and ten accepts: some always wait, unless an attempt takes
# 300 ms. Then every thread that answers accepts one of them, and exits. Half is the limit.
run=$scratch/run
expect 0 'reproduced: thread-per-request resets' "${uring[@]}" --outstanding 10 --output "$run"
cat "$scratch/output"
expect_that 'every file is there' ls "$run"/{runs,outcomes,events,intervals,comparison,victims}.csv "$run/server.log"
resets=$(columns "$run/events.csv" rows where cause=reset,broken_pipe,aborted)
expect_that "at least 300 resets, not $resets" test "$resets" -ge 300
expect_that 'nothing failed but by a reset' test "$(columns "$run/events.csv" rows)" -eq "$resets"
expect_that 'as many victims as resets' test "$(columns "$run/victims.csv" rows)" -eq "$resets"
expect_that 'all of them by the exiting threads' \
    test "$(columns "$run/victims.csv" rows where thread_start=uring-server:ThreadPerJob::work extension=thread-per-request)" -eq "$resets"
expect 0 'matched by port and time' \
    "$loadgen" reconcile --events "$run/events.csv" --victims "$run/victims.csv"
# What was accepted was answered or reset, and nothing else became of it.
counter() { sed -n "s/^\(.* \)\?$1=\([0-9]*\)\( .*\)\?$/\2/p" "$run/server.log"; }
expect_that 'the counters add up' test "$(counter accepted)" -eq $(($(counter answers) + $(counter victims) + $(counter left)))
expect_that 'the victims were counted' test "$(counter victims)" -eq "$resets"
expect_that 'no errors' test "$(counter errors)" -eq 0

# The negative control: the same threads exit, and the requests belong to one that does not.
expect 3 'the fault was not shown' "${uring[@]}" --outstanding 10 --submitter kernel --output "$scratch/keeps" -- --rounds 1
expect_that 'nothing fails where requests do not belong to the thread' test "$(columns "$scratch/keeps/events.csv" rows)" -eq 0
expect_that 'nor is there a victim' test "$(columns "$scratch/keeps/victims.csv" rows)" -eq 0

# Wrong use.
expect_one_line 2 "unknown option '--frobnicate'" "${uring[@]}" --frobnicate
expect_one_line 2 '--outstanding' "$server" --outstanding 0
expect_one_line 2 "'nowhere'" "$server" --address nowhere
expect_one_line 2 '/nowhere/victims.csv' "$server" --victims /nowhere/victims.csv
expect 0 'IORING_SETUP_SQPOLL' "$server" --help

# A request in two parts. The next client waits meanwhile, so the thread that answers accepts it,
# and exits. That client closes without a request, and is no victim.
start_server "$server" --outstanding 1 || exit 1
port=${address##*:}
exec {half}<>"/dev/tcp/127.0.0.1/$port" {silent}<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /thread-per-request HTTP/1.1\r\nHost: h\r\n' >&"$half"
printf '\r\n' >&"$half"
expect_that 'a head in two parts is answered' grep -q 'X-Repro-Variant: thread-per-request' <&"$half"
exec {half}>&- {silent}>&-
expect 1 '4xx 1' "$loadgen" run -n 1 -c 1 --quiet --fail-on 'http_4xx>0' "http://$address/nowhere"
expect_one_line 2 "$port" "$server" --port "$port"
kill -TERM "$server_pid"
expect_that 'SIGTERM stops it, with stdin open' timeout 60 tail --pid="$server_pid" -f /dev/null
expect_that 'the end is a good one' stop_server
expect_that "it counts them ($server_said)" grep -q 'accepted=3 requests=2 answers=2 victims=0 .*left=1 errors=0' <<<"$server_said"
finish
