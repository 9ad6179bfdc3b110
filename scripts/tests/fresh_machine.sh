#!/usr/bin/env bash
# README's commands, word for word and in order, on a bare Debian 12; with `reversed`, the last one
# first. Each ends well; there are as many tests as here, and what was left out is listed.
. "$(dirname "$0")/root.sh"

root=$scratch/root
make_root "$root" bookworm
mkdir -p "$root/src"
git -C "$scripts/.." ls-files -z | tar --create --directory "$scripts/.." --null --files-from - | tar --extract --directory "$root/src"

# Those of the chapter that a newcomer reads first.
mapfile -t commands < <(sed -n '/^## Reproduce it$/,/^## /s/^    \(\.\/scripts\/.*\)/\1/p' "$root/src/README.md")
expect_that "two commands, not: ${commands[*]}" test "${commands[*]}" = './scripts/repro.sh ./scripts/test.sh'
[ "${2-}" != reversed ] || commands=("${commands[1]}" "${commands[0]}")
for command in "${commands[@]}"; do
    began=$SECONDS code=0
    "${in_root[@]}" "$root" bash -c "cd /src && $command" >"$scratch/output" 2>&1 </dev/null || code=$?
    echo "$command: exit code $code after $((SECONDS - began)) s"
    expect_that "$command: exit code 0, not $code" test "$code" -eq 0
    # The tests that passed are of no interest.
    grep -v -E '^ *([0-9]+/[0-9]+ Test|Start) +#?[0-9]+: .*( Passed .*)?$' "$scratch/output" | sed 's/^/    /' | tail -n 120
    case $command in
        *repro.sh) expect_that 'reproduced' grep -q '^reproduced: thread-per-request resets' "$scratch/output" ;;
        *test.sh) expect_that 'it lists what was left out' grep -q -x 'left out:' "$scratch/output" ;;
    esac
done
# tests_of COMMAND...: the names of all but those of the 32-bit half, which take an option.
tests_of() { "$@" --show-only --label-exclude '^i686$' | sed -n 's/^ *Test *#[0-9]*: //p' | LC_ALL=C sort; }
tests_of "${in_root[@]}" "$root" ctest --test-dir /src/build/release >"$scratch/there"
tests_of ctest --test-dir "$tree" >"$scratch/here"
echo "$(wc -l <"$scratch/there") tests"
expect_that 'it has the tests that are here' diff "$scratch/here" "$scratch/there"
finish
