#!/usr/bin/env bash
# The first start of Wine in a prefix: what an interrupted one of ours left is made anew, and nobody
# else's file is touched.
. "$(dirname "$0")/expect.sh"

stranger=$scratch/stranger
interrupted=$scratch/interrupted
mkdir "$stranger" "$interrupted"
clean_up() {
    local prefix
    for prefix in "$stranger" "$interrupted"; do WINEPREFIX=$prefix wineserver -k 2>/dev/null; done
    on_exit
}
trap clean_up EXIT

echo mine >"$stranger/file"
expect 0 'first start' env REPRO_WINEPREFIX="$stranger" "$scripts/wine.sh" --first-start
expect_that 'a file that was there stays' grep -q mine "$stranger/file"
expect_that 'the prefix is made' test -e "$stranger/ready"

touch "$interrupted"/{.unfinished,half-a-registry}
expect 0 'first start' env REPRO_WINEPREFIX="$interrupted" "$scripts/wine.sh" --first-start
expect_that 'what an interrupted start left is gone' test ! -e "$interrupted/half-a-registry"
expect_that 'the prefix is made anew' test -e "$interrupted/ready"
expect_that 'and finished' test ! -e "$interrupted/.unfinished"
expect_that 'a second start has nothing to do, and nothing to say' \
    test -z "$(REPRO_WINEPREFIX=$interrupted "$scripts/wine.sh" --first-start 2>&1)"
finish
