#!/usr/bin/env bash
# The main job: KB 813531 happening to real connections, the fixes holding, both ends agreeing on
# every reset.
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
# shellcheck source=scripts/lib/variants.sh
. "$top/scripts/lib/variants.sh"
options "$@" <<'TEXT'
usage: scripts/repro.sh [OPTION...] [-- LOADGEN-OPTION...]

Installs what it lacks, builds what it runs, and starts isapi-host under Wine on a free port. Loads
the five variants of the extension in turn, in rounds, and prints a table and a verdict. Then it
matches each reset that a client saw with a connection that the host lost to an exiting thread. The
CSV files, the host's log, report.html, junit.xml and summary.md are left in a new folder under
results/.

  --rounds N             so many rounds, each with a block of every variant, fixed beforehand;
                         without it, rounds go on until every claim is decided
  --requests N           attempts in a block (500)
  --block T              length of a block, instead of a number of attempts
  --connections N        connections open at once (128)
  --send-delay D         how long clients wait between connect and first byte (100ms)
  --query Q              goes to every variant: work=MS, linger=MS, bytes=N, joined by &
  --outstanding N        AcceptEx calls that the host keeps pending, IIS's AcceptExOutstanding (40)
  --backlog N            clients that may wait for the host to accept them; IIS's 25 overflows if
                         all connect at once, and their next SYN comes a second later (200)
  --thread-exit MODE     cancels: the fault; keeps: the negative control, nothing may reset
                         (cancels)
  --keep-alive-read WHO  who posts the next read of a kept connection: pool or caller (pool)
  --address A            address that the host listens on (127.0.0.1)
  --host-via COMMAND     starts the host through a command: 'nsenter --net=FILE' puts it into
                         another network namespace
  --arch A               x86_64, or i686: the 32-bit host and DLLs, as IIS 4 and 5 load them, under
                         32-bit Wine in a Debian of its own (scripts/wine32.sh; takes root) (x86_64)
  --output DIR           results folder; without it, results/ and the UTC time
  --preset NAME          build preset (release)
  --no-build             take what is built

What comes after -- goes to loadgen regress.

Exit code: that of the regression (0 reproduced, 1 a fixed variant resets, 2 bad usage,
3 inconclusive, 4 invalid); also 4 if the two ends disagree.
TEXT
read -r -a via <<<"$host_via"

# A reader that leaves, as head does, is not the end of the job: its files are what it is for.
trap : PIPE
say() { echo "$@" 2>/dev/null || true; }

case $arch in
    x86_64) under=' under Wine' ;;
    i686) under=' under 32-bit Wine' ;;
    *) fail "--arch is x86_64 or i686, not '$arch'" ;;
esac
windows=windows-$arch
built repro loadgen/loadgen "$windows/host/isapi-host.exe"
windows_programs "$arch"
# Wine takes as many open files as it may; its server had 790 at 128 connections, and where it may have no
# more, requests hang.
allowed=$(ulimit -Hn)
if [[ $connections =~ ^[1-9][0-9]{0,5}$ && $allowed =~ ^[0-9]+$ && $allowed -lt $((300 + 6 * connections)) ]] && ! on_windows; then
    fail "Wine may have no more than $allowed open files here (ulimit -Hn), too few for $connections connections: allow more, or \
say --connections $((allowed > 306 ? (allowed - 300) / 6 : 1))"
fi

new_results
# Wine's server outlives the run, and must not keep the lock: it gets no 9.
if ! on_windows; then
    exec 9<"$output"
    flock --nonblock 9 || fail "another run is writing into '$output'; --output names another folder"
fi

# Its own session: a Ctrl-C is for loadgen, whose attempts in flight the host has yet to answer.
trap kill_server EXIT
start_server "${session[@]}" "${via[@]}" "${wine[@]}" "$tree/$windows/host/isapi-host.exe" --root "$tree/$windows/extension" \
    --address "$address" --port 0 --accept-outstanding "$outstanding" --listen-backlog "$backlog" --thread-exit "$thread_exit" \
    --keep-alive-read "$keep_alive_read" --victims "$output/victims.csv" 2>"$output/host.log" 9<&- ||
    { cat "$output/host.log" >&2; fail "isapi-host did not start" 4; }
say "isapi-host${wine:+$under}, listening on $address; $outstanding AcceptEx pending, thread exit $thread_exit"
say

length=(--requests "$requests")
[ -z "$block" ] || length=(--block "$block")
[ -z "$rounds" ] || length+=(--rounds "$rounds")
claims_of faulty
code=0
"$loadgen" regress "${claims[@]}" --connections "$connections" --send-delay "$send_delay" \
    "${length[@]}" --output "$output" --label "repro.sh $arch" --junit "$output/junit.xml" \
    --markdown "$output/summary.md" "${rest[@]}" "http://$address/repro${query:+?$query}" || code=$?

host_code=0
stop_server || host_code=$?
echo "$server_said" 2>/dev/null >>"$output/host.log" || true
[ "$host_code" -eq 0 ] || fail "isapi-host ended with exit code $host_code; see $output/host.log" 4

if [ "$code" -ne 2 ] && [ "$code" -ne 4 ]; then
    say
    agreed=0
    reconciled=$("$loadgen" reconcile --events "$output/events.csv" --victims "$output/victims.csv") || agreed=$?
    say "$reconciled"
    [ "$agreed" -eq 0 ] || [ "$code" -ne 0 ] || code=4
    [ "$agreed" -ne 1 ] || echo "repro.sh: the two ends disagree on what was reset" >&2
fi
# The host has written its victims by now, so the page has both ends.
shown=''
if full "$output"; then
    echo "repro.sh: the disk of '$output' is full: make room on it, or name another folder with --output" >&2
    [ "$code" -ne 0 ] || code=4
elif [ -s "$output/runs.csv" ]; then
    # Its exit code is the regression's once more.
    why=$("$loadgen" report "$output" 2>&1 >/dev/null) || true
    if [ -s "$output/report.html" ]; then shown='; report.html shows them'; else echo "repro.sh: no report.html: $why" >&2; fi
fi
said="files in ${output#"$top/"}$shown"
echo "$said" 2>/dev/null || echo "repro.sh: nobody read on; $said" >&2 || true
exit "$code"
