#!/usr/bin/env bash
# A fault that shows as closed connections: judged by resets it isn't shown, and the verdict says
# why that may be; judged by lost attempts it is.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

# regress CODE TEXT OPTION...: the faulty variant's 200 attempts lose every 4th, the fixed one's
# none. Each had one request before, which asked whether it answers.
regress() {
    local code=$1 text=$2
    shift 2
    start_fault_server --every 4 --until 202 close-after-request
    expect "$code" "$text" "$loadgen" regress --faulty bad=/bad --fixed good=/good --rounds 1 -n 200 -c 1 --settle 0s \
        --max-reset-rate 0.1 --quiet "$@" "${url%/}"
    stop_fault_server
    expect_that 'every fourth was closed' test "$injected" -eq 50
}
# comparison DIR: the only row of its comparison.csv, by column name
comparison() { columns "$1/comparison.csv" values resets_baseline resets_candidate verdict count; }

regress 3 'But 50 of its 200 attempts were lost, more than chance explains: closed in await 50.' --output "$scratch/resets"
expect_that 'and says what it may be' grep -q -F 'The fault shows as closed connections: a proxy or a user-mode network' "$scratch/output"
expect_that 'and what to do' grep -q -x -F -- '--count lost judges by these.' "$scratch/output"
expect_that 'the table has both' grep -q -E '^bad +faulty +not shown +200 +150 +50 +0 +0 %' "$scratch/output"
expect_that 'comparison.csv is of resets' test "$(comparison "$scratch/resets")" = '0 0 ~ resets'

regress 0 'reproduced: bad loses attempts on established connections.' --count lost --output "$scratch/lost"
expect_that 'the table has its rate' grep -q -E '^bad +faulty +shown +200 +150 +0 +50 +25 %' "$scratch/output"
expect_that 'the comparison, too' grep -q -E '^bad : good   loses attempts at least [0-9.]+ times as often' "$scratch/output"
expect_that 'comparison.csv is of lost ones' test "$(comparison "$scratch/lost")" = '50 0 fewer lost'

regress 3 '"lost_evident":true' --json
expect_that 'JSON says what was counted' grep -q '"count":"resets"' "$scratch/output"
regress 0 '"count":"lost"' --count lost --json

# The fixed variant loses, too: by resets it holds, by lost attempts the gate fails.
start_fault_server --every 4 close-after-request
regress_both=("$loadgen" regress --fixed good=/good --rounds 1 -n 200 -c 1 --quiet)
expect 0 'holds: good does not' "${regress_both[@]}" --max-reset-rate 0.1 "${url%/}"
expect 1 'failed: good was expected not to lose, and lost 50 of 200 attempts (25 %).' "${regress_both[@]}" --max-reset-rate 0.1 --count lost "${url%/}"
stop_fault_server

# What resets at random may reset the request that asks which variant answers: it is sent again.
start_fault_server --every 1 --until 1 reset-after-request
expect 3 'good reset 0 of 200 attempts' "${regress_both[@]}" --max-reset-rate 0.001 "${url%/}"
stop_fault_server
expect_that 'the first request was reset' test "$injected" -eq 1
finish
