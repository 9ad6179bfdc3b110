#!/usr/bin/env bash
# One load from several machines: started together over ssh, gathered, and added up exactly.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/results.sh
. "$top/scripts/lib/results.sh"
options ${PARALLEL_SSH:+--ssh "$PARALLEL_SSH"} "$@" <<'TEXT'
usage: scripts/fleet.sh --hosts FILE [OPTION...] -- LOADGEN-OPTION... URL

Has every machine in FILE run the same `loadgen run` at the same time, gathers what they wrote, and
adds it up with `loadgen merge`. Each machine makes the whole load that the options say: two
machines with --rate 1000 make 2,000 starts a second. Files that the options name (--body-file,
--config, --cacert) are the machine's own. A gate (--fail-on) is each machine's, too.

  --hosts FILE      the machines, one a line as ssh knows them ([user@]host); # begins a comment
  --output DIR      DIR/HOST for each machine, DIR/merged for the sum, DIR/machines.csv; without it,
                    results/ and the UTC time
  --loadgen PATH    where loadgen is on the machines, or its name in their PATH (loadgen)
  --copy            copy this machine's loadgen there first; it needs the same processor and
                    libraries there
  --lead N          seconds from now until the load starts: time to connect, and to copy (10)
  --ssh COMMAND     what connects, as COMMAND HOST 'COMMAND LINE'; PARALLEL_SSH says the same
                    (ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=10)
  --preset NAME     build preset that this machine's loadgen is from, which merges (release)

The start is a second of UTC. Each machine waits for it by its own clock, so keep them in time
(NTP). The script says how far each clock is off ours. A machine that is told of the start after it
has passed starts at once, and is named.

Ctrl-C stops all loads, and what they measured is gathered and added up; again gives them up. They
also stop if this script dies or a connection is lost. Nothing is left on the machines.

Exit code: 0; 1 a gate of a machine failed; 2 bad usage; 4 a machine failed (it is named, the others
are added up); 130 interrupted.
TEXT

[ ${#rest[@]} -gt 0 ] || fail 'what shall be run? give loadgen run'"'"'s options and a URL after -- (see --help)'
for argument in "${rest[@]}"; do
    case $argument in
        --output | --output=*) fail '--output belongs before the --: the machines have folders of their own' ;;
    esac
done
[[ $lead =~ ^[0-9]{1,5}$ ]] || fail "--lead '$lead' is not a number of seconds"
[ -n "$hosts" ] || fail '--hosts is missing: the file of machines (see --help)'
[ -r "$hosts" ] || fail "cannot read the file of machines '$hosts'"
mapfile -t machines < <(sed -e 's/#.*//' -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$hosts")
[ ${#machines[@]} -gt 0 ] || fail "'$hosts' names no machine"
for machine in "${machines[@]}"; do
    if ! [[ $machine =~ ^[A-Za-z0-9][A-Za-z0-9._@:-]*$ ]] || [ "$machine" = merged ]; then
        fail "'$hosts': '$machine' is no name of a machine; ports and keys belong into ssh's own config"
    fi
done
twice=$(printf '%s\n' "${machines[@]}" | sort | uniq -d)
[ -z "$twice" ] || fail "'$hosts' names '${twice%%$'\n'*}' twice"
command -v parallel >/dev/null || fail 'GNU parallel is not installed; run scripts/setup.sh'
here=$top/build/$preset/loadgen/loadgen
[ -x "$here" ] || here=$(command -v loadgen) || fail 'loadgen is not built here, where the sum is made; run scripts/build.sh'

[ ! -e "$output/machines.csv" ] || fail "'$output' has the results of a fleet already: choose another folder"
new_results
echo 'machine,version,exit_code,clock_offset_us,clock_within_us,late_ms' >"$output/machines.csv"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/codes"
mkfifo "$work/lifeline"
exec {lifeline}<>"$work/lifeline"

# For a shell on the other side that may be any.
quoted() { printf " '%s'" "${1//\'/\'\\\'\'}"; }
{
    printf 'exec sh -c'
    for argument in "$(cat "$top/scripts/fleet/on_machine.sh")" fleet "$loadgen" "${rest[@]}"; do quoted "$argument"; done
} >"$work/command"

export FLEET_ID FLEET_WORK=$work FLEET_OUTPUT=$output FLEET_SSH=$ssh FLEET_COPY='' FLEET_START FLEET_PATIENCE=$((lead + 30))
if $copy; then FLEET_COPY=$here; fi
FLEET_START=$(($(date +%s) + lead))
FLEET_ID=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')

stopped=0
stop() {
    stopped=$((stopped + 1))
    if [ "$stopped" -eq 1 ]; then
        echo 'fleet.sh: interrupted: the machines finish the attempts in flight; Ctrl-C again gives them up' >&2
        exec {lifeline}>&-
    else
        kill -- "-$parallel_pid" 2>/dev/null || true
    fi
}
trap stop INT TERM

# Its own session: a Ctrl-C is for this script, which has the machines end their loads and waits for
# what they measured.
echo "$(date -u -d "@$FLEET_START" +%H:%M:%S) UTC, in $lead s: ${#machines[@]} machines start" >&2
setsid parallel --plain --will-cite --quote --jobs "${#machines[@]}" --tag --line-buffer \
    "$top/scripts/fleet/machine.sh" ::: "${machines[@]}" </dev/null {lifeline}>&- &
parallel_pid=$!
while kill -0 "$parallel_pid" 2>/dev/null; do wait "$parallel_pid" || true; done
trap - INT TERM

failed=()
gate=false
usage_errors=0
gathered=()
for machine in "${machines[@]}"; do
    code=$(cat "$work/codes/$machine" 2>/dev/null) || code=4
    case $code in
        0) ;;
        1) gate=true ;;
        130 | 143) [ "$stopped" -gt 0 ] || failed+=("$machine") ;;
        *) failed+=("$machine"); [ "$code" -ne 2 ] || usage_errors=$((usage_errors + 1)) ;;
    esac
    runs=$output/$machine/runs.csv
    if [ -e "$runs" ] && [ "$(wc -l <"$runs")" -gt 1 ]; then gathered+=("$output/$machine"); fi
done

[ "$usage_errors" -lt ${#machines[@]} ] || exit 2
if [ ${#gathered[@]} -eq 0 ]; then
    [ "$stopped" -eq 0 ] || exit 130
    fail 'no machine has measured anything' 4
fi
"$here" merge --output "$output/merged" "${gathered[@]}" ||
    fail "the runs could not be added up; each machine's own are in $output" 4
echo
awk -F, 'NR > 1 { printf "%s: clock %.1f ms %s ours, within %.1f ms%s\n", $1, ($4 < 0 ? -$4 : $4) / 1000,
    ($4 < 0 ? "behind" : "ahead of"), $5 / 1000, ($6 > 0 ? "; began " $6 " ms late" : "") }' "$output/machines.csv"
echo "files in ${output#"$top/"}"
if [ ${#failed[@]} -gt 0 ]; then
    echo "fleet.sh: ${#failed[@]} of ${#machines[@]} machines failed: ${failed[*]}; ${#gathered[@]} are in the sum" >&2
fi
[ "$stopped" -eq 0 ] || exit 130
[ ${#failed[@]} -eq 0 ] || exit 4
if $gate; then exit 1; fi
