#!/usr/bin/env bash
# The main job as a newcomer has it on a bare Debian 13: this checkout, set up, built and run there
# under its own Wine.
. "$(dirname "$0")/root.sh"

root=$scratch/root
make_root "$root" trixie
mkdir -p "$root/src"
git -C "$scripts/.." ls-files -z | tar --create --directory "$scripts/.." --null --files-from - | tar --extract --directory "$root/src"

code=0
"${in_root[@]}" "$root" /src/scripts/repro.sh --output /src/results/debian-13 >"$scratch/output" 2>&1 || code=$?
expect_that "exit code 0, not $code" test "$code" -eq 0
cat "$scratch/output"
expect_that 'reproduced' grep -q '^reproduced: thread-per-request resets' "$scratch/output"
results=$root/src/results/debian-13
resets=$(columns "$results/events.csv" rows where cause=reset,broken_pipe,aborted)
expect_that "at least 100 resets, not $resets" test "$resets" -ge 100
expect_that "as many victims as resets ($resets)" test "$(columns "$results/victims.csv" rows)" -eq "$resets"
grep 'lost_accepts=' "$results/host.log"
"${in_root[@]}" "$root" wine --version 2>/dev/null
finish
