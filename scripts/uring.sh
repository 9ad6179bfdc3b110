#!/usr/bin/env bash
# The trap of KB 813531 on Linux: requests to io_uring die with the thread that submits them. It is
# repro.sh in miniature.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/built.sh
. "$top/scripts/lib/built.sh"
# shellcheck source=scripts/lib/results.sh
. "$top/scripts/lib/results.sh"
# shellcheck source=scripts/lib/server.sh
. "$top/scripts/lib/server.sh"
options "$@" <<'TEXT'
usage: scripts/uring.sh [OPTION...] [-- LOADGEN-OPTION...]

The same trap as in IIS 4 and 5, on Linux, without Wine and in seconds; it says nothing of IIS. Asks
the kernel what it does with requests to io_uring whose thread exits. Starts uring-server on a free
port of loopback, and loads a thread per request and a thread pool in turn until it is decided. Then
it matches each reset that a client saw with a connection that the server lost to an exiting thread.
The CSV files are left in a new folder under results/.

  --requests N      attempts in a block (500)
  --connections N   connections open at once (64)
  --send-delay D    how long clients wait between connect and first byte (50ms)
  --outstanding N   accepts that the server keeps submitted (40)
  --submitter WHO   to whom requests belong: thread, which exits, or kernel, a thread of the
                    kernel's that stays: the negative control, nothing may reset (thread)
  --output DIR      results folder; without it, results/, the UTC time and -uring
  --preset NAME     build preset (release)
  --no-build        take what is built; `scripts/build.sh --for uring` builds it, and needs neither
                    MinGW nor Wine, which setup.sh installs

What comes after -- goes to loadgen regress.

Exit code: that of the regression (0 reproduced, 1 the pool resets, 2 bad usage, 3 inconclusive,
4 invalid); also 4 if the two ends disagree; 5 io_uring is forbidden or missing here; 6 this kernel
does not cancel the requests of a thread that exits.
TEXT

built uring loadgen/loadgen repro-extension/uring/uring-server
server=$tree/repro-extension/uring/uring-server

code=0
probed=$("$server" --probe) || code=$?
[ -z "$probed" ] || echo "$probed"
[ "$code" -ne 6 ] || fail 'this kernel does not cancel the requests of a thread that exits: there is nothing to show' 6
[ "$code" -eq 0 ] || exit "$code"
echo

new_results -uring
# Its own session: a Ctrl-C is for loadgen, and the server stops when its stdin closes.
trap kill_server EXIT
start_server setsid "$server" --outstanding "$outstanding" --submitter "$submitter" \
    --victims "$output/victims.csv" 2>"$output/server.log" ||
    { cat "$output/server.log" >&2; fail 'uring-server did not start' 4; }

"$loadgen" regress --faulty thread-per-request=/thread-per-request --fixed thread-pool=/thread-pool \
    --connections "$connections" --send-delay "$send_delay" --requests "$requests" --output "$output" "${rest[@]}" \
    "http://$address" || code=$?

server_code=0
stop_server || server_code=$?
echo "$server_said" >>"$output/server.log"
[ "$server_code" -eq 0 ] || fail "uring-server ended with exit code $server_code; see $output/server.log" 4

if [ "$code" -ne 2 ] && [ "$code" -ne 4 ]; then
    echo
    agreed=0
    "$loadgen" reconcile --events "$output/events.csv" --victims "$output/victims.csv" || agreed=$?
    [ "$agreed" -eq 0 ] || [ "$code" -ne 0 ] || code=4
fi
echo "the server's counters: $server_said"
echo "files in ${output#"$top/"}"
exit "$code"
