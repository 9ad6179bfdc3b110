#!/usr/bin/env bash
# The answer parser, the CSV reader and the host's request parser under libFuzzer.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/fuzz.sh [--time SECONDS] [answer] [csv] [request]

Builds the fuzz targets with Clang and the address and undefined-behaviour sanitizers. Runs those
that are named, or all. The exit code is 1 at the first finding; the input that caused it is then in
build/fuzz/findings. The corpus stays in build/fuzz/corpus, and the next run goes on from there.

  --time SECONDS   how long each runs (600)
TEXT
targets=("${rest[@]}")
[ ${#targets[@]} -gt 0 ] || targets=(answer csv request)

"$top/scripts/setup.sh" fuzz
"$top/scripts/build.sh" --preset fuzz
mkdir -p "$top/build/fuzz/findings"
for target in "${targets[@]}"; do
    corpus=$top/build/fuzz/corpus/$target
    folder=loadgen/tests/fuzz
    [ "$target" != request ] || folder=repro-extension/tests/fuzz
    mkdir -p "$corpus"
    echo "$target: $time s"
    "$top/build/fuzz/$folder/$target-fuzz" "$corpus" "$top/$folder/seeds/$target" \
        -max_total_time="$time" -max_len=70000 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$top/build/fuzz/findings/$target-" 2>"$top/build/fuzz/$target.log" || {
        cat "$top/build/fuzz/$target.log"
        fail "a finding in $target" 1
    }
    grep -E 'number_of_executed_units|average_exec_per_sec|peak_rss_mb' "$top/build/fuzz/$target.log"
done
