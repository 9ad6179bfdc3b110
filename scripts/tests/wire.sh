#!/usr/bin/env bash
# The wire as a second witness: the connections that got a RST from the server, as tcpdump sees
# them, are the reset events in events.csv, port by port.
. "$(dirname "$0")/namespace.sh"
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

# Resets by port on the wire: "port count" lines. A connection begins with the client's SYN; more
# than one RST for the same connection (the second answers what was under way) is one reset.
resets_on_wire() {
    awk -v server="127.0.0.1.${address##*:}" '
        { to = $5; sub(":$", "", to) }
        $3 != server && /Flags \[S\]/ { n = split($3, part, "."); reset[part[n]] = 0 }
        $3 == server && /Flags \[R/ { n = split(to, part, "."); if (!reset[part[n]]++) ++count[part[n]] }
        END { for (port in count) print port, count[port] }' "$scratch/packets" | sort
}

resets_counted() { columns "$scratch/events/events.csv" rows by local_port where cause=reset,broken_pipe,aborted | sort; }

# check NAME SERVER-ARGUMENTS -- LOADGEN-ARGUMENTS
check() {
    local name=$1 server_arguments=()
    shift
    while [ "$1" != -- ]; do server_arguments+=("$1"); shift; done
    shift
    start_fault_server "${server_arguments[@]}"
    tcpdump -i lo -n -l -s 100 -B 65536 "(tcp port ${address##*:} and tcp[tcpflags] & (tcp-syn|tcp-rst) != 0) or udp port 9 or udp port 10" \
        >"$scratch/packets" 2>"$scratch/tcpdump" &
    local tcpdump_pid=$!
    # It says that it is listening before it is, and it stops without what it has yet to read:
    # packets of our own, which it has printed, tell when it has begun, and below when it has read
    # all of the load.
    until grep -q '127.0.0.1.10: UDP' "$scratch/packets" 2>/dev/null; do
        echo begin >/dev/udp/127.0.0.1/10
        kill -0 "$tcpdump_pid" || { cat "$scratch/tcpdump"; exit 1; }
    done
    rm -rf "$scratch/events"
    expect 0 'attempts' "$loadgen" run --quiet --output "$scratch/events" "$@" "$url"
    echo end >/dev/udp/127.0.0.1/9
    until grep -q '127.0.0.1.9: UDP' "$scratch/packets"; do kill -0 "$tcpdump_pid" || break; done
    kill -INT "$tcpdump_pid"
    wait "$tcpdump_pid"
    grep -q '^0 packets dropped by kernel' "$scratch/tcpdump" || { echo "FAILED: $name: tcpdump dropped packets"; failures=$((failures + 1)); }
    stop_fault_server
    resets_on_wire >"$scratch/wire"
    resets_counted >"$scratch/counted"
    local resets
    resets=$(awk '{ sum += $2 } END { print sum + 0 }' "$scratch/counted")
    echo "$name: injected $injected, reset events $resets, connections reset on the wire $(awk '{ sum += $2 } END { print sum + 0 }' "$scratch/wire")"
    expect_that "$name: there are resets" test "$resets" -gt 0
    expect_that "$name: the ports are the same on the wire and in events.csv" diff "$scratch/wire" "$scratch/counted"
}

# Faults without a reset among them: these must not be counted as one.
faults=(reset-unread close-unread reset-after-request close-after-request reset-in-head close-in-head reset-in-body close-in-body
    reset-in-chunk close-in-chunk garbage reset-after-answer content-length-too-large)
check 'a connection per request' --every 3 "${faults[@]}" -- -c 64 -n 6000
check 'kept connections' --every 3 "${faults[@]}" -- -k -c 64 -n 6000
# The server must come to it before the request does, or its FIN is followed by a RST.
check 'on accept' --every 2 reset-on-accept close-on-accept -- -c 64 -n 640 --send-delay 500ms
finish
