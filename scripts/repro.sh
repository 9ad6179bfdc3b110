#!/usr/bin/env bash
# The main job: KB 813531 happening to real connections, the fixes holding, both ends agreeing on every reset.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
connections=64
outstanding=40
send_delay=50ms
rounds=5
requests=1500
block=
thread_exit=cancels
keep_alive_read=pool
query=
address=127.0.0.1
via=()
preset=release
build=true
output=

usage() {
    cat <<TEXT
usage: scripts/repro.sh [options]

Installs what is missing, builds, starts isapi-host under Wine on a free port, loads the five variants of the extension in
interleaved rounds, and prints a table and a verdict. Then every reset that a client saw is matched with a connection
that the host lost to an exiting thread. The CSV files and the host's log are left in a new folder under results/.

  --rounds N             rounds, each with a block of every variant ($rounds)
  --requests N           attempts in a block ($requests)
  --block T              length of a block instead of a number of attempts
  --connections N        connections open at once ($connections)
  --outstanding N        AcceptEx calls that the host keeps pending ($outstanding, IIS's AcceptExOutstanding)
  --send-delay D         clients wait so long between connect and first byte ($send_delay)
  --query Q              goes to every variant: work=MS, linger=MS, bytes=N, joined by &
  --thread-exit MODE     cancels: the fault. keeps: the negative control, nothing may reset ($thread_exit)
  --keep-alive-read WHO  pool or caller: who posts the next read of a kept connection ($keep_alive_read)
  --address A            address that the host listens on ($address)
  --host-via COMMAND     starts the host through a command: 'nsenter --net=FILE' puts it into another network namespace
  --output DIR           results folder (results/ and the UTC time)
  --preset NAME          build preset ($preset)
  --no-build             take what is built

Exit code: that of the regression (0 reproduced, 1 a fixed variant resets, 2 bad usage, 3 inconclusive, 4 invalid); 4 also
when the two ends disagree.
TEXT
}

fail() {
    echo "repro.sh: $1" >&2
    exit "${2:-2}"
}

while [ $# -gt 0 ]; do
    option=$1
    case $option in
        -h | --help) usage; exit 0 ;;
        --no-build) build=false; shift; continue ;;
        --rounds | --requests | --block | --connections | --outstanding | --send-delay | --query | --thread-exit | --keep-alive-read | --address | --host-via | --output | --preset)
            [ $# -ge 2 ] || fail "option '$option' needs a value (see --help)" ;;
        *) fail "unknown option '$option' (see --help)" ;;
    esac
    case $option in
        --rounds) rounds=$2 ;;
        --requests) requests=$2 ;;
        --block) block=$2 ;;
        --connections) connections=$2 ;;
        --outstanding) outstanding=$2 ;;
        --send-delay) send_delay=$2 ;;
        --query) query=$2 ;;
        --thread-exit) thread_exit=$2 ;;
        --keep-alive-read) keep_alive_read=$2 ;;
        --address) address=$2 ;;
        --host-via) read -r -a via <<<"$2" ;;
        --output) output=$2 ;;
        --preset) preset=$2 ;;
    esac
    shift 2
done

tree=$top/build/$preset
if $build; then
    "$top/scripts/setup.sh"
    "$top/scripts/build.sh" --preset "$preset"
fi
loadgen=$tree/loadgen/loadgen
host=$tree/windows-x86_64/host/isapi-host.exe
for program in "$loadgen" "$host"; do
    [ -e "$program" ] || fail "'$program' is not built; run without --no-build"
done

output=${output:-$top/results/$(date -u +%Y%m%dT%H%M%SZ)}
mkdir -p "$output" || fail "cannot make the results folder '$output'"

# The host stops when its stdin closes, so that it can't outlive this script. Its own session: a Ctrl-C is for loadgen, whose
# attempts in flight the host has yet to answer.
coproc HOST {
    exec setsid "${via[@]}" "$top/scripts/wine.sh" "$host" --root "$tree/windows-x86_64/extension" --address "$address" --port 0 \
        --accept-outstanding "$outstanding" --thread-exit "$thread_exit" --keep-alive-read "$keep_alive_read" \
        --victims "$output/victims.csv" 2>"$output/host.log"
}
host_pid=$HOST_PID
exec {from_host}<&"${HOST[0]}" {to_host}>&"${HOST[1]}" {HOST[0]}<&- {HOST[1]}>&-
trap 'kill "$host_pid" 2>/dev/null || true' EXIT

read -r -t 90 -u "$from_host" first_line || { cat "$output/host.log" >&2; fail "isapi-host did not start" 4; }
first_line=${first_line%$'\r'}
address=${first_line#listening on }
[ "$address" != "$first_line" ] || fail "isapi-host said '$first_line' where its address was expected" 4
echo "isapi-host under Wine, $first_line; $outstanding AcceptEx pending, thread exit $thread_exit"
echo

length=(--requests "$requests")
[ -z "$block" ] || length=(--block "$block")
code=0
"$loadgen" regress --faulty thread-per-request --fixed thread-pool --fixed keep-alive,keep-alive \
    --fixed keep-alive-pool,keep-alive --fixed synchronous \
    --connections "$connections" --send-delay "$send_delay" --rounds "$rounds" "${length[@]}" \
    --output "$output" "http://$address/repro${query:+?$query}" || code=$?

exec {to_host}>&-
host_code=0
wait "$host_pid" || host_code=$?
trap - EXIT
cat <&"$from_host" >>"$output/host.log"
[ "$host_code" -eq 0 ] || fail "isapi-host ended with exit code $host_code; see $output/host.log" 4

if [ "$code" -ne 2 ] && [ "$code" -ne 4 ]; then
    echo
    if ! "$loadgen" reconcile --events "$output/events.csv" --victims "$output/victims.csv"; then
        [ "$code" -ne 0 ] || code=4
        echo "repro.sh: the two ends disagree on what was reset" >&2
    fi
fi
echo "files in ${output#"$top/"}"
exit "$code"
