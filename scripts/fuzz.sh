#!/usr/bin/env bash
# The answer parser and the CSV reader under libFuzzer.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seconds=600

usage() {
    cat <<TEXT
usage: scripts/fuzz.sh [--time SECONDS] [answer] [csv]

Builds the fuzz targets with Clang, address and undefined-behaviour sanitizers, and runs each for so long ($seconds), or those
named. Ends with 1 at the first finding; the input that caused it is then in build/fuzz/findings. What was learnt about the
inputs stays in build/fuzz/corpus, and the next run goes on from there.
TEXT
}

targets=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --time) seconds=${2:?a number of seconds is missing}; shift 2 ;;
        answer | csv) targets+=("$1"); shift ;;
        *) echo "fuzz.sh: unknown argument '$1' (see --help)" >&2; exit 2 ;;
    esac
done
[ ${#targets[@]} -gt 0 ] || targets=(answer csv)

"$top/scripts/setup.sh" fuzz
"$top/scripts/build.sh" --preset fuzz
mkdir -p "$top/build/fuzz/findings"
for target in "${targets[@]}"; do
    corpus=$top/build/fuzz/corpus/$target
    mkdir -p "$corpus"
    echo "$target: $seconds s"
    "$top/build/fuzz/loadgen/tests/fuzz/$target-fuzz" "$corpus" "$top/loadgen/tests/fuzz/seeds/$target" \
        -max_total_time="$seconds" -max_len=70000 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$top/build/fuzz/findings/$target-" 2>"$top/build/fuzz/$target.log" || {
        cat "$top/build/fuzz/$target.log"
        echo "fuzz.sh: a finding in $target" >&2
        exit 1
    }
    grep -E 'number_of_executed_units|average_exec_per_sec|peak_rss_mb' "$top/build/fuzz/$target.log"
done
