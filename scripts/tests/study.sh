#!/usr/bin/env bash
# study.sh: the arithmetic of its intervals; a short run leaves a row for each point and a figure; an
# interrupt keeps what is measured; the points were chosen as they are said to be.
. "$(dirname "$0")/expect.sh"

study=("$scripts/study.sh" --preset "$(basename "$tree")" --no-build --block 1s)
out=$scratch/out

# 3.4995 is in every table of Student's distribution; 10 of 1,000 at 99 %: R's binom.test.
expect 0 '3.4995 0.0053 0.0037 0.0213' /usr/bin/python3 -I -B -c "
import sys
sys.path.insert(0, '$scripts/study')
import interval
ends = interval.exact(0, 1000, 0.99)[1:] + interval.exact(10, 1000, 0.99)
print(' '.join(f'{x:.4f}' for x in (interval.t_quantile(7, 0.995), *ends)))
even = [(50, 100)] * 8
assert interval.of_blocks(even, 0.99) == (0.5, 0.5, 't'), 'blocks that are alike leave no doubt'
assert interval.of_blocks([(0, 100)] * 8, 0.99)[1] > 0.006, 'none of 800 leaves some'
"

points=$scripts/study/points.csv
expect_that '30 points at least' test "$(columns "$points" rows)" -ge 30
expect_that 'of which ten were held out, at least' test "$(columns "$points" rows where held_out=yes)" -ge 10

expect 0 'the prediction is inside the interval at' "${study[@]}" --which 7,11,19,44 --blocks 3 --output "$out"
expect_that 'a row for each point' test "$(columns "$out/study.csv" values id | sort -n | tr '\n' ' ')" = '7 11 19 44 '
expect_that 'with the columns that are documented' test \
    "$(head -n 1 "$out/study.csv" | tr ',' '\n' | while read -r column; do
        grep -q "^|.*\b$column\b" "$scripts/../results/README.md" || echo "$column"; done)" = ''
# 4 AcceptEx and 6 silent clients, 10 and 16: by the model 0.29 and 0.36.
for id in 7 19; do
    expect_that "point $id shows the fault" test "$(columns "$out/study.csv" values resets where id=$id)" -ge 10
done
# 250 AcceptEx are left over, and fewer than 250 clients come: by the model none is reset, of 13 % without.
expect_that 'what thread-pool left over protects' test "$(columns "$out/study.csv" values resets where id=44)" -eq 0
expect_that 'every block is a run' test "$(columns "$out"/points/*/runs.csv rows)" -eq 12
expect_that 'the figure is XML, and has all four' /usr/bin/python3 -I -B -c "
import xml.etree.ElementTree as tree
assert sum(e.tag.endswith('circle') for e in tree.parse('$out/study.svg').iter()) >= 4"

# One point comes to its end, and then the next is interrupted.
"${study[@]}" --which 1,7,11 --blocks 2 --jobs 1 --output "$scratch/cut" >"$scratch/cut.txt" 2>&1 &
job=$!
until [ "$(wc -l 2>/dev/null <"$scratch/cut/study.csv" || echo 0)" -ge 2 ]; do
    kill -0 "$job" 2>/dev/null || break
    sleep 0.1
done
kill -TERM "$job"
code=0
wait "$job" || code=$?
expect_that "an interrupt is one (exit code $code)" test "$code" -eq 130
expect_that 'what was measured is kept' test "$(columns "$scratch/cut/study.csv" values id | head -n 1)" = 1
expect_that 'and drawn' grep -q '</svg>' "$scratch/cut/study.svg"

expect_one_line 2 "--which 'most' is none of all, held-out, others" "${study[@]}" --which most
expect_one_line 2 "no point is called '77'" "${study[@]}" --which 77
expect_one_line 2 '--blocks takes a number from 2' "${study[@]}" --blocks 1
finish
