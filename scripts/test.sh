#!/usr/bin/env bash
# Set-up, build, and all tests of both halves.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=release
long=false
sanitize=false

usage() {
    cat <<TEXT
usage: scripts/test.sh [--preset NAME] [--long] [--sanitize] [-- CTEST_OPTION...]

Installs what is missing, builds, and runs the tests of both halves, the Windows ones through Wine.
  --preset NAME  build preset ($preset)
  --long         also the tests that take minutes, such as ten reproductions in a row
  --sanitize     instead: loadgen and its tests under the address, undefined-behaviour and thread sanitizers
TEXT
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --preset) preset=${2:?a preset is missing}; shift 2 ;;
        --long) long=true; shift ;;
        --sanitize) sanitize=true; shift ;;
        --) shift; break ;;
        *) echo "test.sh: unknown option '$1' (see --help)" >&2; exit 2 ;;
    esac
done

if $sanitize; then
    for preset in asan tsan; do
        echo "test.sh: preset $preset" >&2
        "$top/scripts/test.sh" --preset "$preset" "$@"
    done
    exit 0
fi

"$top/scripts/setup.sh"
"$top/scripts/build.sh" --preset "$preset"
selection=(--label-exclude '^long$')
if $long; then selection=(); fi
cd "$top/build/$preset"
# The tests that measure want the machine for themselves and say so (RUN_SERIAL); the others share it.
exec ctest --output-on-failure --parallel "$(nproc)" "${selection[@]}" "$@"
