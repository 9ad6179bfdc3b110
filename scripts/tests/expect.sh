# shellcheck shell=bash disable=SC2034
# For the script tests: runs commands and holds their exit code and output against what is expected.
# To be sourced, with the build folder as the first argument of the test.
set -uo pipefail

tree=${1:?the build folder is missing}
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
loadgen=$tree/loadgen/loadgen
scratch=$(mktemp -d)
failures=0
# What tests try is not the job's verdict.
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
. "$scripts/lib/server.sh"
on_exit() {
    kill_server
    rm -rf --one-file-system "$scratch"
}
trap on_exit EXIT

# skip REASON: the whole test. A test that leaves out only a part of what it does prints such a line,
# too: test.sh lists them all. Where there is a cure, the reason names it.
skip() {
    echo "skipped: $1"
    exit 77
}

# columns FILE... sum|values|rows ...: what stands in CSV files, by the names of their columns
# (columns.py). The test fails if a column is not there, also where this runs in a subshell.
columns() { /usr/bin/python3 -I "$scripts/tests/columns.py" "$@" || { : >"$scratch/columns-failed"; return 1; }; }

# expect CODE TEXT COMMAND...: the command exits with CODE, and its output, stderr included, has
# TEXT in it. The output is in $scratch/output then.
expect() {
    local code=$1 text=$2 actual=0
    shift 2
    timeout 200 "$@" >"$scratch/output" 2>&1 </dev/null || actual=$?
    hold_against "$code" "$text" "$actual" "$@"
}

# expect_one_line CODE TEXT COMMAND...: the same, and stderr is that one sentence.
expect_one_line() {
    local code=$1 text=$2 actual=0
    shift 2
    timeout 200 "$@" >"$scratch/output" 2>"$scratch/errors" </dev/null || actual=$?
    cat "$scratch/errors" >>"$scratch/output"
    hold_against "$code" "$text" "$actual" "$@"
    if [ "$(wc -l <"$scratch/errors")" -ne 1 ]; then
        echo "FAILED: $*"
        echo "  expected one line on stderr, got:"
        sed 's/^/    /' "$scratch/errors"
        failures=$((failures + 1))
    fi
}

# hold_against CODE TEXT ACTUAL-CODE COMMAND...
hold_against() {
    if [ "$3" -ne "$1" ] || ! grep -q -F -- "$2" "$scratch/output"; then
        echo "FAILED: ${*:4}"
        echo "  expected exit code $1 and: $2"
        echo "  got exit code $3 and:"
        sed 's/^/    /' "$scratch/output"
        failures=$((failures + 1))
    fi
}

# expect_that DESCRIPTION COMMAND...: the command succeeds.
expect_that() {
    local what=$1
    shift
    if ! "$@"; then
        echo "FAILED: $what"
        failures=$((failures + 1))
    fi
}

# interrupt_loadgen PID: SIGINT, when it is loadgen and no more the shell's fork, and catches it:
# bit 1 of SigCgt.
interrupt_loadgen() {
    until [ "$(readlink -f "/proc/$1/exe")" = "$(readlink -f "$loadgen")" ] &&
        grep -q -E 'SigCgt:.*[2367abef]$' "/proc/$1/status"; do
        kill -0 "$1" || break
    done
    kill -INT "$1"
}

finish() {
    [ ! -e "$scratch/columns-failed" ] || { echo 'FAILED: a CSV file or a column is not there'; failures=$((failures + 1)); }
    [ "$failures" -eq 0 ] || { echo "$failures expectations failed"; exit 1; }
    exit 0
}
