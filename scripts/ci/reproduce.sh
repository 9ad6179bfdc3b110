#!/usr/bin/env bash
# repro.sh on a Windows whose behaviour is the question: what must be, and what is only told.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/ci/reproduce.sh --thread-exit cancels|keeps --output DIR [OPTION...] [-- LOADGEN-OPTION...]

Runs repro.sh with what is built, and looks at what the host counted: the AcceptEx calls that the
system cancelled because their thread exited. With cancels there must be some. With keeps there must
be none, and the verdict must be that the fault was not shown. Whether a client of a cancelled call
sees a reset or an ordinary close, and whether the host can tell that there was one, is not known of
Windows. So where calls were cancelled, a verdict of "not shown", or two ends that disagree, is a
warning. What the host counted goes into the job's summary, the file that GITHUB_STEP_SUMMARY names.

  --thread-exit MODE   cancels: the fault; keeps: the negative control
  --output DIR         results folder
  --arch A             the host's and the DLLs': x86_64 or i686 (x86_64)
  --preset NAME        build preset (release)

What comes after -- goes to loadgen regress.

Exit code: 0 as it must be, 1 not so; 2, 4 and others: repro.sh's.
TEXT
[[ $thread_exit = @(cancels|keeps) ]] || fail "--thread-exit is cancels or keeps, not '$thread_exit'"
[ -n "$output" ] || fail "--output DIR is missing (see --help)"

said=$(mktemp)
trap 'rm -f "$said"' EXIT
# What was in the folder before is no result of this run.
rm -f "$output/host.log"
# The negative control's verdict, inconclusive, would be an annotation that says error.
as=()
[ "$thread_exit" = cancels ] || as=(env -u GITHUB_ACTIONS)
result=0
"${as[@]}" "$top/scripts/repro.sh" --no-build --preset "$preset" --arch "$arch" --thread-exit "$thread_exit" --output "$output" \
    -- "${rest[@]}" 2>&1 | tee "$said" || result=${PIPESTATUS[0]}

# tell TEXT: to the log and the summary.
tell() {
    echo "$1"
    [ -z "${GITHUB_STEP_SUMMARY-}" ] || printf '%s\n\n' "$1" >>"$GITHUB_STEP_SUMMARY"
}
counters=$(grep '^accepted=' "$output/host.log" 2>/dev/null | tail -n 1 | tr -d '\r') || true
[ -n "$counters" ] || fail "the host counted nothing; repro.sh ended with $result" "$((result ? result : 4))"
# counted NAME
counted() { [[ " $counters " =~ " $1="([0-9]+) ]] && echo "${BASH_REMATCH[1]}"; }
victims=$(counted victims) harmless=$(counted harmless_cancels) unclear=$(counted unclear_cancels)
cancels=$((victims + harmless + unclear))
tell "--thread-exit $thread_exit: $cancels AcceptEx cancelled as their thread exited: $victims with a client, \
$harmless without, $unclear where the system did not say. repro.sh ended with $result."

# wrong TEXT
wrong() {
    tell "Not as it must be: $1."
    exit 1
}
if [ "$thread_exit" = keeps ]; then
    [ "$cancels" -eq 0 ] || wrong 'nothing may be cancelled'
    [ "$result" -ne 0 ] || wrong 'without a cancel there can be no fault to show'
    [ "$result" -ne 3 ] || exit 0
    exit "$result"
fi
[ "$cancels" -gt 0 ] || [ "$result" -eq 2 ] || wrong 'the exit of a thread cancelled nothing'
if [ "$result" -eq 3 ] || { [ "$result" -eq 4 ] && grep -q -F 'the two ends disagree' "$said"; }; then
    tell "The cancel is there. What clients saw of it is not one reset for each victim: the table says whether it was a reset \
or a close, and the host whether it could tell."
    [ -z "${GITHUB_ACTIONS-}" ] || echo "::warning title=clients and host::repro.sh ended with $result; see the summary"
    exit 0
fi
exit "$result"
