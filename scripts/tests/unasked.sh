#!/usr/bin/env bash
# A server says 408 to silent clients. Nobody had asked for it: it is an answer to nothing, and has no
# latency.
. "$(dirname "$0")/expect.sh"

# run_beside FIRST REST CLOSE OPTION...: a load beside unasked.py; sets $code, leaves $scratch/run.
run_beside() {
    local server=(/usr/bin/python3 -I "$(dirname "$0")/unasked.py" "$1" "$2" "$3")
    shift 3
    start_server "${server[@]}" || exit 1
    rm -rf "$scratch/run"
    "$loadgen" run --quiet --output "$scratch/run" "$@" "http://$address/" >"$scratch/output" 2>"$scratch/errors" \
        </dev/null
    code=$?
    stop_server
}
# counted COLUMN NUMBER
counted() { expect_that "$what: $1 is $2" test "$(columns "$scratch/run/runs.csv" values "$1")" = "$2"; }
# only CAUSE PHASE NUMBER: so many failures of that kind, and no others.
only() {
    expect_that "$what: only $1 in $2, $3 times" \
        test "$(columns "$scratch/run/outcomes.csv" values cause phase count)" = "$1 $2 $3"
}

for engine in io_uring epoll asio; do
    what="$engine, new connections, 408 and a close"
    run_beside 100 0 close --engine "$engine" -c 4 -n 12 --send-delay 200ms --fail-on 'lost>0,p99>50ms'
    expect_that "$what: exit code 1" test "$code" -eq 1
    expect_that "$what: the gate" grep -q 'lost>0: 12 of 12 attempts (100 %): closed in send 12' "$scratch/errors"
    counted answers 0
    counted requests_sent 0
    only closed send 12

    what="$engine, new connections, 408 without a close"
    run_beside 100 0 stay --engine "$engine" -c 4 -n 12 --send-delay 200ms --fail-on 'malformed>0'
    expect_that "$what: exit code 1" test "$code" -eq 1
    counted answers 0
    only malformed send 12

    for close in close stay; do
        what="$engine, kept connections, 408 and $close"
        run_beside 0 100 "$close" --engine "$engine" -k -c 4 -n 12 --send-delay 200ms \
            --fail-on 'lost>0,timeout>0,malformed>0'
        expect_that "$what: exit code 0" test "$code" -eq 0
        counted answers 12
        counted http_4xx 0
        counted idle_closes 8
    done
done
finish
