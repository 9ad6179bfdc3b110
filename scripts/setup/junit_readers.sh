#!/usr/bin/env bash
# Readers of JUnit files that CI users have, for the test of what they make of ours.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=$top/build/junit-readers
readers=(xunit-viewer@10.6.1 allure@3.18.0) # both run on Debian 12's Node.js, 18
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/setup/junit_readers.sh [--check]

Installs xunit-viewer and Allure with npm, in build/junit-readers (90 MB). Needs no root.

  --check   only say whether they are there; exit code 1 if not
TEXT

[ "$(cat "$target/readers" 2>/dev/null)" != "${readers[*]}" ] || exit 0
if $check; then
    echo "missing: ${readers[*]} (scripts/setup/junit_readers.sh)"
    exit 1
fi
rm -rf "$target"
mkdir -p "$target"
if ! npm install --prefix "$target" --no-audit --no-fund --no-save --ignore-scripts "${readers[@]}" >"$target/log" 2>&1; then
    tail -n 5 "$target/log" >&2
    echo 'junit_readers.sh: npm could not install them: the test of JUnit readers is skipped, all else is there' >&2
    exit 1
fi
echo "${readers[*]}" >"$target/readers"
