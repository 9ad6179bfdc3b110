#!/usr/bin/env bash
# regress-iis.sh against servers that answer as an IIS does: what it decides, and what the negative
# control's exit codes are.
. "$(dirname "$0")/expect.sh"

# shellcheck source=scripts/lib/variants.sh
. "$scripts/lib/variants.sh"
all=()
for variant in "${variants[@]}"; do all+=("$variant=$variant"); done

# start SERVER-HEADER NAME=VARIANT...: sets $target; nothing listens there before `listen`.
start() {
    start_server "$scripts/tests/iis/server.pl" "$@" || exit 1
    target=http://$address/repro
}
listen() { echo listen >&"$to_server"; }
on_exit() {
    [ -z "${waiting_pid:-}" ] || kill "$waiting_pid" 2>/dev/null
    kill_server
    rm -rf "$scratch"
}

regress_iis=("$scripts/regress-iis.sh" --no-build --preset "$(basename "$tree")")

# expect_decision SERVER-HEADER TEXT [OPTION...]: what is said and would be run.
expect_decision() {
    local server=$1 text=$2
    shift 2
    start "$server" "${all[@]}"
    listen
    expect 0 "$text" "${regress_iis[@]}" --target "$target" --dry-run "$@"
    stop_server
}
for version in 4.0 5.0 5.1; do
    expect_decision "Microsoft-IIS/$version" "Microsoft-IIS/$version; expected: fault, by its version"
    expect_decision "Microsoft-IIS/$version" 'regress --faulty thread-per-request --fixed thread-pool --fixed keep-alive,keep-alive'
done
for version in 6.0 7.5 8.5 10.0; do
    expect_decision "Microsoft-IIS/$version" "Microsoft-IIS/$version; expected: none, by its version"
    expect_decision "Microsoft-IIS/$version" 'regress --fixed thread-per-request --fixed thread-pool --fixed keep-alive,keep-alive'
done
expect_decision Microsoft-IIS/5.0 'of Microsoft-IIS/5.0 one expects: fault' --expect none
expect_decision nginx/1.22 'nginx/1.22; expected: none, as --expect says' --expect none
expect_decision '' 'no Server header; expected: fault' --expect fault
expect_decision Microsoft-IIS/5.0 '--block 1s --output' --block 1s
expect_decision Microsoft-IIS/5.0 "--timeout 9s http" -- --timeout 9s

start Microsoft-IIS/5.0 "${all[@]}"
nobody=$target
expect_one_line 4 'no HTTP answer: is the server up?' "${regress_iis[@]}" --target "$nobody"
expect 4 'no HTTP answer within 1s' "${regress_iis[@]}" --target "$nobody" --wait 1s
stop_server

for server in nginx/1.22 Microsoft-IIS/3.0 Microsoft-HTTPAPI/2.0; do
    start "$server" "${all[@]}"
    listen
    expect_one_line 2 "$server is no IIS whose behaviour is known; say --expect" "${regress_iis[@]}" --target "$target"
    stop_server
done
start '' "${all[@]}"
listen
expect_one_line 2 'a server that sends no Server header is no IIS' "${regress_iis[@]}" --target "$target"
stop_server

start Microsoft-IIS/5.0 "${all[@]}" thread-pool=keep-alive
listen
expect 4 "thread-pool.dll: the variant 'keep-alive' answers there" "${regress_iis[@]}" --target "$target" --output "$scratch/wrong"
expect_that 'nothing is written where nothing was measured' test ! -e "$scratch/wrong"
stop_server
start Microsoft-IIS/5.0 "${all[@]::4}"
listen
expect 4 'synchronous.dll: status 404: is the package installed' "${regress_iis[@]}" --target "$target"
stop_server

# A server that boots while it is waited for: first nobody listens, then it is not ready, then it
# is.
start Microsoft-IIS/10.0 503=2 "${all[@]}"
"${regress_iis[@]}" --target "$target" --wait 60s --dry-run >"$scratch/waited" 2>&1 </dev/null &
waiting_pid=$!
until grep -q 'waiting for' "$scratch/waited" 2>/dev/null; do kill -0 "$waiting_pid" || break; done
listen
expect_that 'a booting server is waited for' wait "$waiting_pid"
waiting_pid=
expect_that 'and then asked' grep -q 'Microsoft-IIS/10.0; expected: none' "$scratch/waited"
stop_server

# The negative control measures: nothing resets; one variant does; too few attempts to say.
short=(--connections 4 --send-delay 0ms --rounds 1 --requests 200)
start Microsoft-IIS/10.0 "${all[@]}"
listen
expect 0 'holds: thread-per-request' "${regress_iis[@]}" --target "$target" "${short[@]}" --output "$scratch/none" -- --max-reset-rate 0.05
expect_that 'target.txt says what was loaded' grep -q '^http.*Microsoft-IIS/10.0; expected: none' "$scratch/none/target.txt"
expect_that 'all five are held to no resets' test "$(columns "$scratch/none/runs.csv" rows where expectation=fixed)" -eq 5
expect 3 'attempts' "${regress_iis[@]}" --target "$target" "${short[@]}" --output "$scratch/few"
stop_server
start Microsoft-IIS/10.0 "${all[@]}" thread-per-request=thread-per-request,reset
listen
expect 1 'thread-per-request' "${regress_iis[@]}" --target "$target" "${short[@]}" --output "$scratch/resets" -- --max-reset-rate 0.05
expect_that 'and which one is said' grep -q -E 'thread-per-request +fixed +resets' "$scratch/output"
stop_server


# Resets that a full backlog could have made (Q229814): none in the fixed variants, or some.
start Microsoft-IIS/5.0 "${all[@]}" thread-per-request=thread-per-request,reset
listen
expect 0 'Not seen here: under the same load the fixed variants had no reset' \
    "${regress_iis[@]}" --target "$target" "${short[@]}" --output "$scratch/clear" -- --max-reset-rate 0.05
resets=$(columns "$scratch/clear/outcomes.csv" sum count where cause=reset,broken_pipe,aborted)
expect_that 'it counts what may be' grep -q -F "some of the $resets resets of thread-per-request" "$scratch/output"
stop_server
start Microsoft-IIS/5.0 "${all[@]}" thread-per-request=thread-per-request,reset thread-pool=thread-pool,reset
listen
expect 1 'Before the thread is blamed' \
    "${regress_iis[@]}" --target "$target" "${short[@]}" --output "$scratch/mixed" -- --max-reset-rate 0.05
resets=$(columns "$scratch/mixed/outcomes.csv" sum count where label=thread-pool cause=reset,broken_pipe,aborted)
expect_that 'it counts those of the fixed ones' grep -q -F "the fixed variants had $resets resets, and 0 connections" "$scratch/output"
stop_server
start Microsoft-IIS/10.0 "${all[@]}" thread-per-request=thread-per-request,reset
listen
expect 1 'thread-per-request' "${regress_iis[@]}" --target "$target" "${short[@]}" --output "$scratch/not" -- --max-reset-rate 0.05
expect_that 'it is of IIS 4 and 5 only' sh -c '! grep -q Q229814 "$1"' sh "$scratch/output"
stop_server

expect_one_line 2 '--target http://SERVER/repro is missing' "${regress_iis[@]}"
expect_one_line 2 "--target 'https://vm/repro' is not of the form" "${regress_iis[@]}" --target https://vm/repro
expect_one_line 2 "--expect is fault, none or auto, not 'luck'" "${regress_iis[@]}" --target "$nobody" --expect luck
expect_one_line 2 "--wait 'soon' is not a time" "${regress_iis[@]}" --target "$nobody" --wait soon
expect_one_line 2 "unknown option '--frobnicate'" "${regress_iis[@]}" --frobnicate
expect_one_line 2 "option '--target' needs a value" "${regress_iis[@]}" --target
expect_one_line 2 'is not built' "${regress_iis[@]}" --preset none --target "$nobody"
expect 0 'usage: scripts/regress-iis.sh' "${regress_iis[@]}" --help
finish
