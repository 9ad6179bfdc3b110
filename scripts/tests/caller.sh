#!/usr/bin/env bash
# keep-alive with --keep-alive-read caller, a number of times: each reset that a client saw, of a kept
# connection or of an AcceptEx, is a victim of the host's, put down to the extension and its thread.
. "$(dirname "$0")/expect.sh"

windows=$tree/windows-x86_64
for ((i = 1; i <= ${2:?the number of runs is missing}; ++i)); do
    output=$scratch/run-$i
    mkdir "$output"
    # With 10 AcceptEx the 1,000 attempts below lose more than 450 by the model, if the host answers 300 a
    # second (loadgen predict --capacity).
    start_server "$scripts/wine.sh" "$windows/host/isapi-host.exe" --root "$windows/extension" --port 0 --listen-backlog 200 --accept-outstanding 10 \
        --keep-alive-read caller --victims "$output/victims.csv" 2>"$output/host.log" || { cat "$output/host.log"; exit 1; }
    url=http://$address/repro/keep-alive.dll
    expect 0 resets "$loadgen" run -k -c 64 -n 2000 --send-delay 20ms --quiet --output "$output" "$url"
    expect 0 resets "$loadgen" run -c 64 -n 1000 --send-delay 50ms --quiet --output "$output" "$url"
    sleep 1 # as long as regress gives the last threads of a block to exit
    expect_that 'the host ends well' stop_server
    resets=$(columns "$output/events.csv" rows where cause=reset,broken_pipe,aborted)
    expect_that "at least 500 resets, not $resets" test "$resets" -ge 500
    expect 0 'matched by port and time' \
        "$loadgen" reconcile --events "$output/events.csv" --victims "$output/victims.csv"
    cat "$scratch/output"
    expect_that 'every reset is matched' grep -q "$resets matched" <(tr -d , <"$scratch/output")
    victims=$(columns "$output/victims.csv" rows)
    expect_that 'all by the extension' test "$(columns "$output/victims.csv" rows where extension=keep-alive.dll)" -eq "$victims"
    expect_that 'and by one of its functions' test "$(grep -c ',keep-alive\.dll+0x[0-9a-f]*,' "$output/victims.csv")" -eq "$victims"
    for operation in accept read; do
        expect_that "some of them an $operation" test "$(columns "$output/victims.csv" rows where operation=$operation)" -gt 0
    done
done
finish
