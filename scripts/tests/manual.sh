#!/usr/bin/env bash
# The manual page: no tool finds fault with it, and it says all that --help says.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

page=$scratch/loadgen.1
expect 0 '.TH LOADGEN 1' "$loadgen" --help=man
"$loadgen" --help=man >"$page"
expect_one_line 2 "unknown command '--help=html'" "$loadgen" --help=html
expect_one_line 2 "option '--help' does not take any arguments" "$loadgen" run --help=man

# says_nothing COMMAND...: it succeeds, and prints nothing but the page.
says_nothing() { "$@" 2>&1 >"$scratch/rendered" | sed 's/^/    /' | tee "$scratch/said" && [ ! -s "$scratch/said" ]; }
if command -v mandoc >/dev/null; then
    # No date: it would be that of the build, and no build like another.
    mandoc -T lint -W warning "$page" | grep -v 'WARNING: missing date' >"$scratch/lint"
    expect_that 'mandoc has nothing to say' diff /dev/null "$scratch/lint"
else
    echo 'skipped: no mandoc; the package of that name has it'
fi
if command -v man >/dev/null; then
    expect_that 'man has nothing to say' says_nothing env MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 "$page"
else
    echo 'skipped: no man; the package man-db has it'
fi
command -v groff >/dev/null || skip 'groff is not installed; ./scripts/setup.sh tests installs it'
expect_that 'groff has nothing to say' says_nothing groff -man -ww -T utf8 -P-cbou "$page"

expect_that 'it says what --help says' /usr/bin/python3 -I "$scripts/tests/manual.py" "$loadgen" "$scratch/rendered"

# terms SECTION: what is defined there.
terms() { sed -n "/^$1/,/^[A-Z]/p" "$scratch/rendered" | sed -n -E 's/^ {7}([^ ]+)( .*)?$/\1/p'; }
expect_that 'every exit code is explained' diff \
    <(sed -n -E 's/.* = ([0-9]+).*/\1/p' "$scripts/../loadgen/process/exit_code.hpp") <(terms 'EXIT STATUS')
start_fault_server --every 2 reset-after-request
"$loadgen" run -c 2 -n 20 --quiet --output "$scratch/out" "$url" >"$scratch/result"
stop_fault_server
"$loadgen" merge --output "$scratch/sum" "$scratch/out" >"$scratch/result"
for file in "$scratch"/{out,sum}/*; do
    expect_that "the file ${file##*/} is explained" grep -q -x -F "${file##*/}" <(terms FILES)
done
for file in $(terms FILES | grep '\.csv$'); do
    expect_that "results/README.md explains $file" grep -q "^## $file" "$scripts/../results/README.md"
done

finish
