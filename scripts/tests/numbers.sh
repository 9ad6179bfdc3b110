#!/usr/bin/env bash
# The files of a run, and its JSON, agree with each other and with what the server injected: every
# mode on every engine.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

# same WHAT A B
same() { expect_that "$1: $2 = $3 ($options)" test "$2" -eq "$3"; }

start_fault_server --every 7 reset-after-request close-in-body reset-after-answer garbage
# shellcheck disable=SC2154 # url is set by start_fault_server
for engine in $("$loadgen" --version | sed -n "s/^engines: //p"); do
    for mode in '' '-k' '-r 2000' '-k -r 2000 --arrivals poisson' '-k --send-delay 2ms' '--warm-up 100ms'; do
        options="--engine $engine $mode"
        dir=$scratch/$engine-${mode// /}
        # shellcheck disable=SC2086 # options are words
        expect 0 '"attempts":' "$loadgen" run $options -d 300ms -c 16 -t 2 --quiet --output "$dir" --histogram "$dir/histogram.csv" --json "$url"
        json() { grep -o "\"$1\":[0-9]*" "$scratch/output" | head -n 1 | cut -d : -f 2; }
        counts=(attempts answers resets)
        read -r attempts answers resets established http_2xx http_3xx http_4xx http_5xx < <(columns "$dir/runs.csv" \
            sum "${counts[@]}" established http_2xx http_3xx http_4xx http_5xx)
        expect_that "there are answers and resets ($options)" test "$((answers > 0 && resets > 0))" -eq 1
        same 'attempts without an answer are the failures outside finish' $((attempts - answers)) \
            "$(columns "$dir/outcomes.csv" sum count where phase=connect,send,await,receive,idle,reuse)"
        same 'resets are those of all phases' "$resets" \
            "$(columns "$dir/outcomes.csv" sum count where cause=reset,broken_pipe,aborted)"
        same 'an event for each failure' "$(columns "$dir/events.csv" rows)" "$(columns "$dir/outcomes.csv" sum count)"
        read -r -a in_intervals < <(columns "$dir/intervals.csv" sum "${counts[@]}")
        for i in 0 1 2; do
            same "intervals: ${counts[i]}" "${in_intervals[i]}" "${!counts[i]}"
            same "JSON: ${counts[i]}" "$(json "${counts[i]}")" "${!counts[i]}"
        done
        same 'answers by status' "$answers" $((http_2xx + http_3xx + http_4xx + http_5xx))
        for measure in answer=$answers first_byte=$answers connect=$established; do
            same "histogram of ${measure%=*}" "${measure#*=}" \
                "$(columns "$dir/histogram.csv" sum count where "measure=${measure%=*}")"
        done
    done
done
stop_fault_server
finish
