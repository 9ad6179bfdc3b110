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
  --long          also the tests that take minutes, such as ten reproductions in a row, and, where
                  this is root, those of --i686
  --i686          also the tests of the 32-bit half, under 32-bit Wine in a Debian of its own
                  (scripts/wine32.sh; takes root), three reproductions among them
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

arch=x86_64 packages=(tests) left_out=()
if $i686 || { $long && [ "$(id -u)" -eq 0 ]; }; then
    arch=i686
    packages+=(i686)
else
    left_out+=(i686)
    ! $long || echo "test.sh: the tests of the 32-bit half are left out, since 32-bit Wine takes root" >&2
fi
$long || left_out+=(long)
"$top/scripts/setup.sh" "${packages[@]}"
"$top/scripts/build.sh" --preset "$preset" --arch "$arch"
if [ "$arch" = i686 ]; then "$top/scripts/wine32.sh" --first-start; fi
selection=()
[ ${#left_out[@]} -eq 0 ] || selection=(--label-exclude "^($(IFS='|'; echo "${left_out[*]}"))\$")
cd "$top/build/$preset"
# The tests that measure want the machine for themselves and say so (RUN_SERIAL); the others share
# it.
exec ctest --output-on-failure --parallel "$(nproc)" "${selection[@]}" "${rest[@]}"
