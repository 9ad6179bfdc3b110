#!/usr/bin/env bash
# What the compilers don't say: formatting, clang-tidy, shellcheck.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/lint.sh [--preset NAME] [--since COMMIT] [--budget SECONDS] [--no-tidy]

Checks the format of all sources (clang-format), the scripts (shellcheck) and loadgen (clang-tidy).

  --preset NAME    the build whose compile_commands.json clang-tidy reads (release)
  --since COMMIT   clang-tidy reads only what has changed since then: it takes some seconds a file
  --budget S       clang-tidy begins no further file after S seconds. It takes first what changed last
  --no-tidy        no clang-tidy

Exit code: 0 nothing to say, 1 something, 2 bad usage or a tool is missing (scripts/setup.sh lint
installs them).
TEXT
tools=(clang-format shellcheck)
if $tidy; then tools+=(clang-tidy); fi
for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || fail "$tool is missing; run scripts/setup.sh lint"
done
[[ $budget =~ ^[0-9]*$ ]] || fail "--budget '$budget' is not a number of seconds"
cd "$top"
code=0

mapfile -t sources < <(git ls-files '*.cpp' '*.hpp' '*.c' '*.h')
clang-format --dry-run -Werror "${sources[@]}" || code=1

mapfile -t shell < <(git ls-files '*.sh')
shellcheck -x --severity=warning "${shell[@]}" || code=1

$tidy || exit $code

# Clang cannot read what GCC has precompiled, and the sources include all they use.
database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
sed -E 's/ -Winvalid-pch//g; s/ -include [^ "]*cmake_pch\.hxx//g' "build/$preset/compile_commands.json" >"$database/compile_commands.json"
what=('loadgen/*.cpp' ':!loadgen/tests' ':!*_windows.cpp' ':!*_absent.cpp')
history=(git log --format= --name-only --diff-filter=d)
[ -z "$since" ] || history+=("$since..")
mapfile -t changed < <({ git diff --name-only --diff-filter=d HEAD -- "${what[@]}"; "${history[@]}" -- "${what[@]}"; } |
    awk '!seen[$0]++')
begun=0
for source in "${changed[@]}"; do
    [ -e "$source" ] || continue
    if [ -n "$budget" ] && [ "$SECONDS" -ge "$budget" ]; then break; fi
    while [ "$(jobs -r -p | wc -l)" -ge "$(nproc)" ]; do wait -n || code=1; done
    clang-tidy -p "$database" --quiet "$source" 2>/dev/null &
    begun=$((begun + 1))
done
while [ -n "$(jobs -p)" ]; do wait -n || code=1; done
echo "lint.sh: clang-tidy read $begun files, of ${#changed[@]} that ever changed" >&2
exit $code
