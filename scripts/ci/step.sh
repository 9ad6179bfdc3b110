#!/usr/bin/env bash
# A step of a workflow whose output is worth reading without opening the log.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/ci/step.sh --title TEXT [--code N]... -- COMMAND...

Runs the command, and puts what it prints into the job's summary, the file that GITHUB_STEP_SUMMARY
names, under the title and with the exit code.

  --title TEXT   what the step shows
  --code N       an exit code that is as good as 0; repeatable

Exit code: 0 if the command's is 0 or one of these, else the command's.
TEXT
[ -n "$title" ] || fail "--title is missing (see --help)"
[ ${#rest[@]} -gt 0 ] || fail "a command is missing: it comes after -- (see --help)"

said=$(mktemp)
trap 'rm -f "$said"' EXIT
result=0
"${rest[@]}" 2>&1 | tee "$said" || result=${PIPESTATUS[0]}
if [ -n "${GITHUB_STEP_SUMMARY-}" ]; then
    # Windows has its own ends of lines.
    { printf '### %s\n\n```\n' "$title"; tr -d '\r' <"$said"; printf '\n```\n\nExit code %s.\n\n' "$result"; } >>"$GITHUB_STEP_SUMMARY"
fi
[[ " ${code[*]} " != *" $result "* ]] || result=0
exit "$result"
