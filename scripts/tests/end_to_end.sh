#!/usr/bin/env bash
# The regression against isapi-host where it should not succeed: the negative control, and wrong
# DLLs.
. "$(dirname "$0")/expect.sh"

host=$tree/windows-x86_64/host/isapi-host.exe
extensions=$tree/windows-x86_64/extension

expect 3 'the fault was not shown' "$scripts/repro.sh" --no-build --preset "$(basename "$tree")" \
    --output "$scratch/keeps" --thread-exit keeps --rounds 1 --block 1s
expect_that 'no victim without the cancel' test "$(columns "$scratch/keeps/victims.csv" rows)" -eq 0
expect_that 'no reset without the cancel' \
    test "$(columns "$scratch/keeps/events.csv" rows where cause=reset,broken_pipe,aborted)" -eq 0
# Wine loses the bytes of an AcceptEx whose thread exits just then; the host counts it.
lost=$(sed -n 's/.* lost_accepts=\([0-9]*\).*/\1/p' "$scratch/keeps/host.log")
expect_that "nothing else failed but what Wine lost (${lost:?no counters in host.log})" \
    test "$(columns "$scratch/keeps/events.csv" rows)" -eq "$lost"

mkdir "$scratch/root"
cp "$extensions/synchronous.dll" "$scratch/root/thread-pool.dll"
cp "$extensions/synchronous.dll" "$extensions/thread-per-request.dll" "$scratch/root/"
echo 'no DLL at all' >"$scratch/root/text.dll"
cp "$host" "$scratch/root/program.dll"
cp "$tree/windows-x86_64/tests/conformance/conformance.dll" "$scratch/root/"
ln -s "$extensions/keep-alive.dll" "$scratch/root/linked.dll"
head -c 2000000 /dev/zero >"$scratch/body"

# With 10 AcceptEx, 1,000 attempts of 64 clients that are silent for 50 ms are not all served, however
# slow this machine is just now: loadgen predict.
start_server "$scripts/wine.sh" "$host" --root "$scratch/root" --port 0 --accept-outstanding 10 --listen-backlog 200 2>"$scratch/host.log" ||
    { cat "$scratch/host.log"; exit 1; }
base=http://$address/repro

expect 3 'attempts' "$loadgen" regress --fixed synchronous --rounds 1 --block 100ms -c 4 --quiet "$base"
expect 3 '"verdict":"inconclusive"' "$loadgen" regress --fixed synchronous --rounds 1 --block 100ms -c 4 --quiet --json "$base"
load=("$loadgen" run -n 1000 --send-delay 50ms --quiet "$base/thread-per-request.dll")
expect 1 'resets>0: ' "${load[@]}" --max-resets 0
expect 0 'resets' "${load[@]}" --max-resets 1000

# Nobody reads these bodies, and a close with bytes unread would be a reset.
expect 0 'answers   200' "$loadgen" run -n 200 -c 8 -m POST --body-file "$scratch/body" --quiet --fail-on 'resets>0,lost>0' \
    "$base/synchronous.dll"

# ABORTIVE_CLOSE is a RST, which Wine's own clients are seldom told of.
expect 0 resets "$loadgen" run -n 20 -c 1 --quiet --fail-on 'resets<20' "$base/conformance.dll?abort"

# Under Wine a TransmitFile to such a client fails at once and sends its packet all the same, 1 in 300.
# A host that waits for none, or for one more, does not come to its end.
expect_that 'clients reset the connections on which files are sent to them' \
    "$scripts/tests/resetting_clients.py" "$address" /repro/conformance.dll?transmit 2000

"$loadgen" run -d 10m --quiet --output "$scratch/interrupted" "$base/synchronous.dll" >"$scratch/output" 2>&1 </dev/null &
run_pid=$!
interrupt_loadgen "$run_pid"
wait "$run_pid"
expect_that 'Ctrl-C is exit code 130' test $? -eq 130
expect_that 'Ctrl-C still writes the run' test "$(columns "$scratch/interrupted/runs.csv" rows)" -eq 1
expect_that 'Ctrl-C still prints the result' grep -q attempts "$scratch/output"

expect_one_line 4 "the variant 'synchronous' answers there, not 'thread-pool'" "$loadgen" regress --fixed thread-pool "$base"
expect_one_line 4 'missing.dll: answered with status 404' "$loadgen" regress --fixed missing "$base"
expect_one_line 4 'linked.dll: answered with status 404' "$loadgen" regress --fixed linked "$base"
expect_one_line 4 'text.dll: answered with status 500' "$loadgen" regress --fixed text "$base"
expect_one_line 4 'program.dll: answered with status 500' "$loadgen" regress --fixed program "$base"
port=${address##*:}
expect_one_line 2 "$port" "$scripts/wine.sh" "$host" --root "$scratch/root" --port "$port"
expect_one_line 2 'nowhere' "$scripts/wine.sh" "$host" --root "$scratch/nowhere" --port 0

expect_that 'the host ends when its stdin closes' stop_server
finish
