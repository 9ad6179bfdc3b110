#!/usr/bin/env bash
# Set-up, build, and all tests of both halves; at the end, what was left out of them and why.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/parts.sh
. "$top/scripts/lib/parts.sh"
options "$@" <<'TEXT'
usage: scripts/test.sh [OPTION...] [-- CTEST-OPTION...]

Installs what is missing, builds, and runs the tests of both halves, the Windows ones through Wine.
At the end it lists what was left out, and why. A tree that lacks a whole part of its tests fails
before any test runs.

  --preset NAME   build preset (release)
  --long          also the tests that take minutes, such as ten reproductions in a row, and, where
                  this is root, those of --i686
  --i686          also the tests of the 32-bit half, under 32-bit Wine in a Debian of its own
                  (scripts/wine32.sh; takes root), three reproductions among them
  --without PART  this part may be missing; repeatable. The parts are unit-tests, https, io_uring,
                  uring-server, includes, windows, windows-tests, windows-loadgen and windows-i686
  --sanitize      instead: loadgen and its tests under the address, undefined-behaviour and thread
                  sanitizers

Exit code: 0 all passed, 1 a part is missing or a test was skipped without a reason, 2 bad usage,
8 a test failed.
TEXT
for part in "${without[@]}"; do
    grep -q "^$part " < <(parts) || fail "--without '$part' is none of $(parts | cut -d ' ' -f 1 | paste -s -d ' ')"
done

if $sanitize; then
    for preset in asan tsan; do
        echo "test.sh: preset $preset" >&2
        "$top/scripts/test.sh" --preset "$preset" "${without[@]/#/--without=}" -- "${rest[@]}"
    done
    exit 0
fi

arch=x86_64 packages=(tests) labels=() left_out=()
if $i686 || { $long && [ "$(id -u)" -eq 0 ]; }; then
    arch=i686
    packages+=(i686)
else
    labels+=(i686)
    if $long; then
        left_out+=('the tests of the 32-bit half: 32-bit Wine takes root')
    else
        left_out+=('the tests of the 32-bit half: --i686 runs them, as root')
    fi
fi
$long || labels+=(long)
"$top/scripts/setup.sh" "${packages[@]}"
"$top/scripts/build.sh" --preset "$preset" --arch "$arch"
if [ "$arch" = i686 ]; then "$top/scripts/wine32.sh" --first-start; fi
cd "$top/build/$preset"

# names_of [CTEST-OPTION...]
names_of() { ctest --show-only "$@" | sed -n 's/^ *Test *#[0-9]*: //p'; }
missing=()
while read -r part setting what; do
    if [ "$setting" != - ]; then
        left_out+=("$part: $setting is off")
    elif [[ " ${without[*]} " = *" $part "* ]]; then
        left_out+=("$part: --without")
    else
        missing+=("'$part' is missing: $what. --without $part goes on without it")
    fi
done < <(missing_parts "$(names_of)" CMakeCache.txt)
if [ ${#missing[@]} -gt 0 ]; then
    printf 'test.sh: %s\n' "${missing[@]}" >&2
    exit 1
fi

selection=()
if [ ${#labels[@]} -gt 0 ]; then
    selection=(--label-exclude "^($(IFS='|'; echo "${labels[*]}"))\$")
fi
$long || left_out+=("$(names_of --label-regex '^long$' | wc -l) tests that take minutes: --long runs them")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
junit=$scratch/junit.xml # ctest writes one, so it is the caller's if there is one
for ((i = 0; i < ${#rest[@]}; ++i)); do
    [ "${rest[i]}" != --output-junit ] || junit=$(realpath -m -- "${rest[i + 1]-}")
done
code=0
# Most tests mostly wait; those that don't say so (scripts/tests/CMakeLists.txt).
ctest --output-on-failure --parallel $((2 * $(nproc))) --test-output-size-passed 1000000 --output-junit "$junit" \
    "${selection[@]}" "${rest[@]}" || code=$?
[ -e "$junit" ] || exit "$code" # no test was run

echo
echo 'left out:'
[ ${#left_out[@]} -eq 0 ] || printf '  %s\n' "${left_out[@]}"
/usr/bin/python3 -I "$top/scripts/lib/left_out.py" "$junit" || [ "$code" -ne 0 ] || code=1
exit "$code"
