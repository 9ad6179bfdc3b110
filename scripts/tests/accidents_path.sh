#!/usr/bin/env bash
# All of the main job, the build and Wine's prefix included, in a checkout whose path has spaces and
# umlauts, beside a second call: that one waits for the build. The other cases of accidents.sh run what
# is built.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/private.sh"

top="$scratch/Prüf stand ß"
mkdir "$top"
tar --create --directory "$scripts/.." --exclude ./build --exclude './results/2*' --exclude ./.git . |
    tar --extract --directory "$top"
# Too few attempts for a verdict, which is exit code 3; that both ends agree is what matters here.
job=(env -u REPRO_WINEPREFIX "${marked[@]}" "$top/scripts/repro.sh" --rounds 1 --requests 200)
"${job[@]}" >"$scratch/one" 2>&1 </dev/null &
"${job[@]}" >"$scratch/two" 2>&1 </dev/null
expect_that 'the one works' test $? -eq 3
wait $!
expect_that 'the other works' test $? -eq 3
cat "$scratch/one" "$scratch/two"
for said in "$scratch/one" "$scratch/two"; do
    expect_that 'both ends agree' grep -q 'matched by port and time' "$said"
done
expect_that 'one of them waits for the build of the other' \
    test "$(cat "$scratch/one" "$scratch/two" | grep -c 'another build is at work in build/release; waiting for it')" -eq 1
expect_that 'two folders of results' test "$(find "$top/results" -maxdepth 1 -name '2*' | wc -l)" -eq 2
nothing_left 'the main job'
finish
