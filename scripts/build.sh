#!/usr/bin/env bash
# Configures and builds a preset; says nothing but what goes wrong.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/build.sh [--preset NAME]

  --preset NAME   release, ci, debug, asan, tsan or fuzz (release)
TEXT

cd "$top"
mkdir -p "build/$preset"
log=build/$preset/build.log
[ -e "build/$preset/build.ninja" ] || echo "building into build/$preset (log: $log); some minutes the first time" >&2
if ! { cmake --preset "$preset" && cmake --build --preset "$preset"; } >"$log" 2>&1; then
    grep -E -A 5 'error|FAILED|CMake Error' "$log" | head -n 40 >&2
    fail "the build failed; all of it is in $log"
fi
