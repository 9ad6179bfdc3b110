#!/usr/bin/env bash
# Configures and builds a preset; says nothing but what goes wrong.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=release
case "${1-}" in
    '') ;;
    --preset) preset=${2:?a preset is missing} ;;
    *)
        echo "usage: scripts/build.sh [--preset release|ci|debug|asan|tsan]"
        [ "$1" = --help ] || [ "$1" = -h ] || exit 2
        exit 0
        ;;
esac

cd "$top"
mkdir -p "build/$preset"
log=build/$preset/build.log
[ -e "build/$preset/build.ninja" ] || echo "building into build/$preset (log: $log); some minutes the first time" >&2
if ! { cmake --preset "$preset" && cmake --build --preset "$preset"; } >"$log" 2>&1; then
    grep -E -A 5 'error|FAILED|CMake Error' "$log" | head -n 40 >&2
    echo "build.sh: the build failed; all of it is in $log" >&2
    exit 2
fi
