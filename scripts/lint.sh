#!/usr/bin/env bash
# What the compilers don't say: formatting, clang-tidy, shellcheck.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=release
base=''
tidy=true

usage() {
    cat <<TEXT
usage: scripts/lint.sh [--preset NAME] [--since COMMIT | --no-tidy]

Checks that clang-format and shellcheck have nothing to say of any file, and clang-tidy nothing of loadgen's sources.
  --preset NAME    the build whose compile_commands.json clang-tidy reads ($preset)
  --since COMMIT   clang-tidy reads only what has changed since then: it takes some seconds a file
  --no-tidy        no clang-tidy
Exit code: 0 nothing to say, 1 something, 2 bad usage or a tool is missing (scripts/setup.sh lint installs them).
TEXT
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --preset) preset=${2:?a preset is missing}; shift 2 ;;
        --no-tidy) tidy=false; shift ;;
        --since) base=${2:?a commit is missing}; shift 2 ;;
        *) echo "lint.sh: unknown option '$1' (see --help)" >&2; exit 2 ;;
    esac
done
tools=(clang-format shellcheck)
if $tidy; then tools+=(clang-tidy); fi
for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || {
        echo "lint.sh: $tool is missing; run scripts/setup.sh lint" >&2
        exit 2
    }
done
cd "$top"
code=0

mapfile -t sources < <(git ls-files '*.cpp' '*.hpp' '*.c' '*.h')
clang-format --dry-run -Werror "${sources[@]}" || code=1

mapfile -t shell < <(git ls-files '*.sh')
shellcheck -x --severity=warning "${shell[@]}" || code=1

$tidy || exit $code
if [ -n "$base" ]; then
    mapfile -t tidied < <(git diff --name-only --diff-filter=d "$base" -- 'loadgen/*.cpp' ':!loadgen/tests' ':!*_windows.cpp' ':!*_absent.cpp')
else
    mapfile -t tidied < <(git ls-files 'loadgen/*.cpp' ':!loadgen/tests' ':!*_windows.cpp' ':!*_absent.cpp')
fi
if [ ${#tidied[@]} -gt 0 ]; then
    printf '%s\n' "${tidied[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "build/$preset" --quiet 2>/dev/null || code=1
fi
exit $code
