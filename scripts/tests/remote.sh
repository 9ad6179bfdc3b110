#!/usr/bin/env bash
# The whole regression over a link: loadgen in one network namespace, isapi-host under Wine in
# another, a veth pair between them.
. "$(dirname "$0")/namespace.sh"
. "$(dirname "$0")/expect.sh"

# Of the range for benchmarks (RFC 2544), which no network routes; both ends are in namespaces of
# this test.
client=198.18.0.1
server=198.18.0.2

# A namespace lives as long as a process in it, this one until the test's end closes its stdin. Its
# echo says that it is there.
coproc FAR_SIDE { exec unshare --net cat; }
far_pid=$FAR_SIDE_PID
exec {from_far}<&"${FAR_SIDE[0]}" {to_far}>&"${FAR_SIDE[1]}" {FAR_SIDE[0]}<&- {FAR_SIDE[1]}>&-
on_exit() {
    # Whatever else runs in this namespace is the test's: a regression under way, if the test is
    # ended early.
    for process in /proc/[0-9]*; do
        if [ "$process" != "/proc/$$" ] && [ "$process/ns/net" -ef "/proc/$$/ns/net" ]; then kill "${process##*/}"; fi
    done
    [ ! -e "$scratch/prefix/ready" ] || WINEPREFIX=$scratch/prefix wineserver -k
    # Debian's Wine never removes the folder of the server's socket, and keeps its name in the
    # prefix.
    [ ! -s "$scratch/prefix/wineserver" ] || rm -rf "/tmp/$(<"$scratch/prefix/wineserver")"
    kill "$far_pid"
    rm -rf "$scratch"
} 2>/dev/null
echo there >&"$to_far"
read -r -t 10 -u "$from_far" _ || skip 'no second network namespace can be made here'
far_side="nsenter --net=/proc/$far_pid/ns/net"

ip link add near type veth peer name far netns "$far_pid" || skip 'no veth pair can be made here'
ip address add "$client/30" dev near
ip link set near up
$far_side ip address add "$server/30" dev far
$far_side ip link set far up

# Wine's server makes the sockets, in the namespace that it was started in, and there is one a
# prefix. So the host has a prefix of its own, with the project's drive C.
"$scripts/wine.sh" cmd /c exit
project_prefix=${REPRO_WINEPREFIX:-$scripts/../build/wine-prefix}
mkdir "$scratch/prefix"
cp -a "$project_prefix"/{*.reg,dosdevices,ready,.update-timestamp} "$scratch/prefix/"
ln -s "$(realpath "$project_prefix/drive_c")" "$scratch/prefix/"

# 10 AcceptEx: with the 40 of IIS, the host has to answer 1,000 a second for the fault to show at once. The
# link is what this is about, so the claims are modest.
output=$scratch/run
REPRO_WINEPREFIX=$scratch/prefix expect 0 'reproduced: thread-per-request resets' \
    "$scripts/repro.sh" --no-build --preset "$(basename "$tree")" --address "$server" --host-via "$far_side" --outstanding 10 --output "$output" \
    -- --max-reset-rate 0.01
cat "$scratch/output"

resets=$(columns "$output/events.csv" rows where "local_address=$client" cause=reset,broken_pipe,aborted)
victims=$(columns "$output/victims.csv" rows where "client_address=$client")
expect_that "at least 100 resets, not $resets" test "$resets" -ge 100
expect_that "as many victims ($victims) as resets ($resets), all of them across the link" \
    test "$resets/$victims" = "$victims/$(columns "$output/victims.csv" rows)"
expect 0 'matched by port and time' "$loadgen" reconcile --events "$output/events.csv" --victims "$output/victims.csv"
finish
