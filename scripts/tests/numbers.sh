#!/usr/bin/env bash
# The files of a run, and its JSON, agree with each other and with what the server injected: every mode on every engine.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

# sum FILE COLUMN [WHERE-COLUMN PATTERN]: exits with 1 if there is no such column
sum() {
    awk -F, -v wanted="$2" -v where="${3:-}" -v pattern="${4:-}" '
        NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; if (!(wanted in at) || (where != "" && !(where in at))) exit failed = 1; next }
        where == "" || $at[where] ~ pattern { sum += $at[wanted] }
        END { if (failed) exit 1; print sum + 0 }' "$dir/$1"
}
# same WHAT A B
same() { expect_that "$1: $2 = $3 ($options)" test "$2" -eq "$3"; }

start_server --every 7 reset-after-request close-in-body reset-after-answer garbage
# shellcheck disable=SC2154 # url is set by start_server
for engine in $("$loadgen" run --help | sed -n 's/.*--engine auto|\([^ ]*\).*/\1/p' | tr '|' ' '); do
    for mode in '' '-k' '-r 2000' '-k -r 2000 --arrivals poisson' '-k --send-delay 2ms' '--warm-up 100ms'; do
        options="--engine $engine $mode"
        dir=$scratch/$engine-${mode// /}
        # shellcheck disable=SC2086 # options are words
        expect 0 '"attempts":' "$loadgen" run $options -d 300ms -c 16 -t 2 --quiet --output "$dir" --histogram "$dir/histogram.csv" --json "$url"
        json() { grep -o "\"$1\":[0-9]*" "$scratch/output" | head -n 1 | cut -d : -f 2; }
        attempts=$(sum runs.csv attempts) answers=$(sum runs.csv answers) resets=$(sum runs.csv resets)
        expect_that "there are answers and resets ($options)" test "$((answers > 0 && resets > 0))" -eq 1
        same 'attempts without an answer are the failures outside finish' $((attempts - answers)) \
            "$(sum outcomes.csv count phase '^(connect|send|await|receive|idle|reuse)$')"
        same 'resets are those of all phases' "$resets" "$(sum outcomes.csv count cause '^(reset|broken_pipe|aborted)$')"
        same 'an event for each failure' "$(($(wc -l <"$dir/events.csv") - 1))" "$(sum outcomes.csv count)"
        for column in attempts answers resets; do
            same "intervals: $column" "$(sum intervals.csv $column)" "$(sum runs.csv $column)"
            same "JSON: $column" "$(json $column)" "$(sum runs.csv $column)"
        done
        same 'answers by status' "$answers" "$(($(sum runs.csv http_2xx) + $(sum runs.csv http_3xx) + $(sum runs.csv http_4xx) + $(sum runs.csv http_5xx)))"
        same 'histogram of answers' "$answers" "$(sum histogram.csv count measure '^answer$')"
        same 'histogram of first bytes' "$answers" "$(sum histogram.csv count measure '^first_byte$')"
        same 'histogram of connections' "$(sum runs.csv established)" "$(sum histogram.csv count measure '^connect$')"
    done
done
stop_server
finish
