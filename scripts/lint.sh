#!/usr/bin/env bash
# What the compilers don't say: formatting, clang-tidy, shellcheck.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/lint.sh [--preset NAME] [--since COMMIT | --no-tidy]

Checks the format of all sources (clang-format), the scripts (shellcheck) and loadgen (clang-tidy).

  --preset NAME    the build whose compile_commands.json clang-tidy reads (release)
  --since COMMIT   clang-tidy reads only what has changed since then: it takes some seconds a file
  --no-tidy        no clang-tidy

Exit code: 0 nothing to say, 1 something, 2 bad usage or a tool is missing (scripts/setup.sh lint
installs them).
TEXT
tools=(clang-format shellcheck)
if $tidy; then tools+=(clang-tidy); fi
for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || fail "$tool is missing; run scripts/setup.sh lint"
done
cd "$top"
code=0

mapfile -t sources < <(git ls-files '*.cpp' '*.hpp' '*.c' '*.h')
clang-format --dry-run -Werror "${sources[@]}" || code=1

mapfile -t shell < <(git ls-files '*.sh')
shellcheck -x --severity=warning "${shell[@]}" || code=1

$tidy || exit $code
list=(git ls-files)
[ -z "$since" ] || list=(git diff --name-only --diff-filter=d "$since" --)
mapfile -t tidied < <("${list[@]}" 'loadgen/*.cpp' ':!loadgen/tests' ':!*_windows.cpp' ':!*_absent.cpp')
if [ ${#tidied[@]} -gt 0 ]; then
    printf '%s\n' "${tidied[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "build/$preset" --quiet 2>/dev/null || code=1
fi
exit $code
