#!/usr/bin/env bash
# The workflows have the keys that GitHub knows, and every script and option that they call is there.
. "$(dirname "$0")/expect.sh"

top=$(cd "$scripts/.." && pwd)
# Debian's Python, which has the package python3-yaml.
steps=(/usr/bin/python3 -I "$scripts/tests/workflow_steps.py")

for workflow in "$top"/.github/workflows/*.yml; do
    name=${workflow##*/}
    expect 0 'uses actions/checkout' "${steps[@]}" "$workflow" "$scratch/$name"
    # A step can be a script that runs another, after --.
    cat "$scratch/$name"/* | tr '\\' / | tr -d '\r' | sed 's/ -- /\n/g; s/ && /\n/g' >"$scratch/commands"
    expect_that "$name runs something of ours" grep -q -E '^(\./)?(scripts|\.ci)/' "$scratch/commands"
    while read -r script arguments; do
        [[ $script =~ ^(\./)?(scripts|\.ci)/ ]] || continue
        expect_that "$name: $script is there" test -e "$top/$script"
        [[ $script != *.sh ]] || expect_that "$name: $script can be run" test -x "$top/$script"
        for option in $(grep -o -E -e '--[a-z-]+' <<<"$arguments"); do
            expect_that "$name: $script knows $option" grep -q -F -e "$option" <("$top/$script" --help)
        done
    done <"$scratch/commands"
done
for file in README.md .ci/run; do
    expect_that "$file has the test command" grep -q -E -x ' *\./scripts/test\.sh( --preset ci)?' "$top/$file"
done
expect_that 'what is uploaded is where the results are' grep -q -x -F '/results/2*/' "$top/.gitignore"

# What is wrong is seen.
wrong=$scratch/wrong.yml
is_refused() {
    printf '%s\n' 'on: push' 'jobs:' '  one:' '    runs-on: ubuntu-latest' '    strategy: {matrix: {system: [a, b]}}' '    steps:' \
        '      - uses: actions/upload-artifact@v4' '        with: {name: programs, path: there}' "${@:2}" >"$wrong"
    expect 1 "$1" "${steps[@]}" "$wrong" "$scratch/refused"
}
is_refused "a step has no 'shel'" '      - {run: echo, shel: bash}'
is_refused 'one of uses and run' '      - {name: nothing}'
is_refused "the matrix has no 'sytem'" "      - run: echo \${{ matrix.sytem }}"
is_refused "there is no step 'built'" "      - {run: echo, if: steps.built.outcome == 'success'}"
is_refused "a job has no 'need'" '  two: {runs-on: ubuntu-latest, need: one, steps: []}'
is_refused "needs ['three']" '  two: {runs-on: ubuntu-latest, needs: three, steps: []}'
is_refused "uploads 'programs'" '  two: {runs-on: x, steps: [{uses: actions/download-artifact@v4, with: {name: programs}}]}'
is_refused "uploads 'others'" '  two: {runs-on: x, needs: one, steps: [{uses: actions/download-artifact@v4, with: {name: others}}]}'

# Git for Windows turns LF into CR LF where nothing says otherwise, and its bash reads no CR.
if git -C "$top" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    cr() { git -C "$top" ls-files -z "$1" | git -C "$top" check-attr --stdin -z "$2" | tr '\0' '\n' | sed -n '3~3p' | sort -u; }
    expect_that 'scripts have LF wherever they are checked out' test "$(cr '*.sh' eol)" = lf
    expect_that 'what cmd.exe reads has CR LF' test "$(cr '*.cmd' eol)" = crlf
    expect_that 'seeds are bytes' test "$(cr '*/fuzz/seeds/*' text)" = unset
    expect_that 'nothing is stored with another end than its attributes say' \
        test -z "$(git -C "$top" ls-files --eol | grep -E '^i/(crlf|mixed)' | grep -v 'attr/-text')"
fi
finish
