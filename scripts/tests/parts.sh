#!/usr/bin/env bash
# test.sh over trees of made-up tests: one that lacks a part is named with its cure and fails, unless that
# was asked for; what was skipped is listed with its reason, and fails without one.
. "$(dirname "$0")/expect.sh"

top=$(cd "$scripts/.." && pwd)
preset=stand-in-tree-$$
PATH=$scripts/tests/stand-ins/tree:$PATH
export PATH STAND_IN_TESTS=$scratch/tests STAND_IN_SETTING=''
on_exit() { rm -rf --one-file-system "$scratch" "${top:?}/build/$preset"; }
run=("$scripts/test.sh" --preset "$preset")

declare -A test_of=([unit-tests]=loadgen.accounting [https]=loadgen.tls [io_uring]=loadgen.ring [uring-server]=scripts.uring
    [includes]=loadgen.includes [windows]=windows-x86_64.accept_probe [windows-tests]=windows-x86_64.host.parsing
    [windows-loadgen]=windows-x86_64.loadgen.answer [windows-i686]=windows-i686.extension.nt4.synchronous)
# tree_without [PART]...: the tests of a whole tree, but for those of the parts.
tree_without() {
    local part
    for part in "${!test_of[@]}"; do
        [[ " $* " = *" $part "* ]] || echo "add_test([=[${test_of[$part]}]=] true)"
    done >"$STAND_IN_TESTS"
}
# more NAME COMMAND [PROPERTY VALUE]...: one more test.
more() {
    local name=$1 command=$2
    shift 2
    echo "add_test($name sh -c [=[$command]=])
        set_tests_properties($name PROPERTIES SKIP_RETURN_CODE 77 $*)" >>"$STAND_IN_TESTS"
}

: 'a whole tree'
tree_without
more whole 'echo "skipped: no browser; a command installs it"; exit 77'
more parted 'echo before; echo "skipped: no man"; exit 0'
more unit 'echo "x.cpp:12: MESSAGE: skipped: no groff"; exit 0'
more lasting 'exit 1' LABELS long
expect 0 '100% tests passed' "${run[@]}"
for line in 'whole: no browser; a command installs it' 'parted, in part: no man' 'unit, in part: no groff' \
    '1 tests that take minutes: --long runs them' 'the tests of the 32-bit half: --i686 runs them, as root'; do
    expect_that "it lists '$line'" grep -q -x -F "  $line" <(sed -n '/^left out:$/,$p' "$scratch/output")
done
expect 0 'no browser' "${run[@]}" -- --output-junit "$scratch/junit.xml"
expect_that 'the file that the caller names is written' grep -q '<testcase name="whole"' "$scratch/junit.xml"

: 'a test that fails, or is skipped without a word'
more broken 'echo "skipped: nothing"; exit 1'
expect 8 'broken' "${run[@]}"
expect_that 'what failed was not skipped' test "$(grep -c -x '  broken.*' "$scratch/output")" -eq 0
tree_without
more silent 'exit 77'
expect 1 "silent: without a reason; it has to print 'skipped: REASON'" "${run[@]}"

: 'a part that is missing'
tree_without "${!test_of[@]}"
expect 1 'test.sh: ' "${run[@]}"
for part in "${!test_of[@]}"; do
    expect_that "$part is named, with what it takes and a script that gets it" \
        grep -q -E "^test.sh: '$part' is missing: .* needs? .*; \./scripts/.* --without $part goes on without it$" "$scratch/output"
done
expect_that 'and no other' test "$(grep -c '^test.sh: ' "$scratch/output")" -eq ${#test_of[@]}
more one true
without=()
for part in "${!test_of[@]}"; do without+=(--without "$part"); done
expect 0 '  io_uring: --without' "${run[@]}" "${without[@]}"
STAND_IN_SETTING=REPRO_WINDOWS_HALF:BOOL=OFF expect 1 "'io_uring' is missing" "${run[@]}"
expect_that 'what is switched off was asked for' test "$(grep -c "^test.sh: 'windows" "$scratch/output")" -eq 0
expect 2 "--without 'doctest' is none of unit-tests" "${run[@]}" --without doctest

# shellcheck source=scripts/lib/parts.sh
. "$scripts/lib/parts.sh"
for part in "${!test_of[@]}"; do
    names=$(printf '%s\n' "${test_of[@]}" | grep -v -x -F "${test_of[$part]}")
    expect_that "$part alone is missing" test "$(missing_parts "$names" /dev/null | cut -d ' ' -f 1)" = "$part"
done
expect_that 'all parts are tried here' test "$(parts | wc -l)" -eq ${#test_of[@]}
finish
