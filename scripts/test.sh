#!/usr/bin/env bash
# Set-up, build, and all tests of both halves.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/test.sh [OPTION...] [-- CTEST-OPTION...]

Installs what is missing, builds, and runs the tests of both halves, the Windows ones through Wine.

  --preset NAME   build preset (release)
  --long          also the tests that take minutes, such as ten reproductions in a row
  --sanitize      instead: loadgen and its tests under the address, undefined-behaviour and thread
                  sanitizers
TEXT

if $sanitize; then
    for preset in asan tsan; do
        echo "test.sh: preset $preset" >&2
        "$top/scripts/test.sh" --preset "$preset" -- "${rest[@]}"
    done
    exit 0
fi

"$top/scripts/setup.sh" tests
"$top/scripts/build.sh" --preset "$preset"
selection=(--label-exclude '^long$')
if $long; then selection=(); fi
cd "$top/build/$preset"
# The tests that measure want the machine for themselves and say so (RUN_SERIAL); the others share
# it.
exec ctest --output-on-failure --parallel "$(nproc)" "${selection[@]}" "${rest[@]}"
