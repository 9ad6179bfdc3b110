#!/usr/bin/env bash
# Gates: each broken rule is named with what was measured and where, and is exit code 1; the others
# are silent.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

# told LINES: what expect ran wrote these lines to stderr, and no other.
told() { expect_that "$1" diff <(printf '%s\n' "$1") "$scratch/errors"; }

# run_gated CODE OPTION...: 1,000 attempts, every 10th of which fails, in turn by a close and a
# reset.
run_gated() {
    local code=$1
    shift
    start_fault_server --every 10 close-after-request reset-in-body
    "$loadgen" run -c 1 -n 1000 --quiet "$@" "$url" >"$scratch/output" 2>"$scratch/errors" </dev/null
    expect_that "$* is exit code $code" test $? -eq "$code"
    stop_fault_server
}

run_gated 0 --fail-on 'lost>100,resets>5%,p99>1m,http_5xx>0,answers<90%,lost>10%' --max-resets 50
expect_that 'a gate that holds is silent' test ! -s "$scratch/errors"

run_gated 1 --fail-on 'lost>9%,http_5xx>0, lost>100' --max-resets 49 --fail-on 'resets>49' --fail-on 'closed_await>=50,answers<=90%'
told 'loadgen: error: resets>49: 50 of 1,000 attempts (5 %): reset in receive 50
loadgen: error: lost>9%: 100 of 1,000 attempts (10 %): reset in receive 50, closed in await 50
loadgen: error: closed_await>=50: 50 of 1,000 attempts (5 %)
loadgen: error: answers<=90%: 900 of 1,000 attempts (90 %)'

run_gated 1 --fail-on 'p99>1us,max>1m,answers_per_s<1000000000'
expect_that 'a latency has its unit' grep -q -E '^loadgen: error: p99>1us: [0-9.]+ (us|ms|s)$' "$scratch/errors"
expect_that 'a rate is a number' grep -q -E '^loadgen: error: answers_per_s<1000000000: [0-9.]+$' "$scratch/errors"
expect_that 'a rule that holds is not named' test "$(wc -l <"$scratch/errors")" -eq 2

echo 'fail-on = closed>0' >"$scratch/config"
run_gated 1 --config "$scratch/config"
told 'loadgen: error: closed>0: 50 of 1,000 attempts (5 %): closed in await 50'

# Where no answer came there is no percentile that could have held.
start_fault_server --every 1 close-after-request
expect 1 'p99>50ms: nothing was measured: there was no answer' "$loadgen" run -n 10 --quiet --fail-on 'p99>50ms' "$url"
expect 0 'attempts' "$loadgen" run -n 10 --quiet --fail-on 'connect_p99>1m' "$url"
stop_fault_server
finish
