#!/usr/bin/env bash
# repro.sh in a checkout whose path has spaces and umlauts: without a locale, behind head, started twice
# at once, without a network, read-only, on a full disk, as an ordinary user. It works, or ends with a
# sentence, and leaves nothing running.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/private.sh"

preset=$(basename "$tree")
top="$scratch/Prüf stand ß"
prefix="$scratch/Präfix mit Leerzeichen"
repro=$top/scripts/repro.sh
mkdir -p "$top/build/$preset/"{loadgen,windows-x86_64/host,windows-x86_64/extension} "$top/results"
cp -r "$scripts" "$top/"
cp "$loadgen" "$top/build/$preset/loadgen/"
cp "$tree/windows-x86_64/host/isapi-host.exe" "$top/build/$preset/windows-x86_64/host/"
cp "$tree"/windows-x86_64/extension/*.dll "$top/build/$preset/windows-x86_64/extension/"

marked+=("REPRO_WINEPREFIX=$prefix")
# Too few attempts for a verdict, which is exit code 3; that both ends agree is what matters here.
options=(--no-build --preset "$preset" --rounds 1 --requests 200)
job=("${marked[@]}" "$repro" "${options[@]}")
works() { expect 3 'matched by port and time' "$@"; }
complete() { ls "$1"/{runs,outcomes,events,intervals,comparison,victims}.csv "$1"/{host.log,report.html} >"$scratch/output"; }

: 'no locale; and nobody reads what is said of the first start'
expect_that 'the first start works' \
    bash -c 'exec 3> >(true); wait $!; "$@" 2>&3' shell env LC_ALL=C "${marked[@]}" "$top/scripts/wine.sh" --first-start
expect_that "Wine's server does not keep the lock" flock --nonblock "$prefix/.lock" true
works env LC_ALL=C "${job[@]}"
expect_that 'the results are in the checkout' complete "$(echo "$top"/results/2*)"
nothing_left 'a run'

: 'behind head'
"${job[@]}" --output "$scratch/head" 2>"$scratch/said" | head -n 1 >"$scratch/first"
expect_that 'a reader that leaves at once is an unwritten result' test "${PIPESTATUS[0]}" -eq 4
expect_that 'head has its line' grep -q -x 'isapi-host under Wine, listening .*' "$scratch/first"
expect_that 'one sentence says where the result is' test "$(grep -c "nobody read on; files in $scratch/head;" "$scratch/said")" -eq 1
expect_that 'and nothing is a mess' test "$(wc -l <"$scratch/said")" -eq 2
expect_that 'the files are there all the same' complete "$scratch/head"
"${job[@]}" --output "$scratch/head-both" 2>&1 | head -n 1 >"$scratch/first"
expect_that 'also without stderr' complete "$scratch/head-both"
nothing_left 'behind head'

: 'few open files'
few=(bash -c 'ulimit -n 600; exec "$@"' few)
expect_one_line 2 'say --connections 50' "${few[@]}" "${job[@]}" --output "$scratch/few"
expect_that 'nothing was begun with few files' test ! -e "$scratch/few"
works "${few[@]}" "${job[@]}" --connections 50 --output "$scratch/few"
nothing_left 'few open files'

: 'twice at once'
mkdir "$scratch/same-second"
printf '#!/bin/sh\necho 20260101T000000Z\n' >"$scratch/same-second/date"
chmod +x "$scratch/same-second/date"
PATH=$scratch/same-second:$PATH "${job[@]}" >"$scratch/one" 2>&1 &
PATH=$scratch/same-second:$PATH "${job[@]}" >"$scratch/two" 2>&1
expect_that 'the one works' test $? -eq 3
wait $!
expect_that 'the other works' test $? -eq 3
for output in 20260101T000000Z 20260101T000000Z-2; do
    expect_that "$output is complete" complete "$top/results/$output"
    expect_that "$output is one run's" test "$(columns "$top/results/$output/runs.csv" rows)" -eq 5
done
mkdir "$scratch/taken"
expect_one_line 2 'another run is writing into' flock "$scratch/taken" "${job[@]}" --output "$scratch/taken"

mkdir "$scratch/being-made"
exec 8>"$scratch/being-made/.lock"
flock 8
REPRO_WINEPREFIX=$scratch/being-made "$top/scripts/wine.sh" --first-start 2>"$scratch/said" 8>&- &
is_said 'another first start of Wine makes the prefix; waiting for it' "$scratch/said" $!
touch "$scratch/being-made/ready"
exec 8>&-
wait $!
expect_that 'the second first start waits, and has nothing to do' test $? -eq 0
nothing_left 'twice at once'

: 'no network'
works "${privately[@]}" "${job[@]}" --output "$scratch/offline"
nothing_left 'no network'

: 'read-only'
elsewhere='--output names another folder'
protected=("${privately[@]}" read_only "$top")
expect_one_line 2 "Read-only file system); $elsewhere" "${protected[@]}" "${job[@]}"
expect_one_line 2 'copy the tree to where you can' "${protected[@]}" "$top/scripts/build.sh" --preset "$preset"
expect_one_line 127 'REPRO_WINEPREFIX names another folder' "${protected[@]}" "$repro" "${options[@]}" --output "$scratch/never"
expect_that 'nothing was begun' test ! -e "$scratch/never"
works "${protected[@]}" "${job[@]}" --output "$scratch/read-only"
nothing_left 'read-only'

: 'a full disk'
small=$scratch/small
mkdir "$small"
expect_one_line 2 'is full; make room on it, or --output' "${privately[@]}" on_disk 1m "$small" "${job[@]}" --output "$small"
# It fills up when the first block is written.
cat >"$scratch/fills-up" <<'BASH'
"$@" & until [ -s "$disk/runs.csv" ]; do kill -0 $! || break; done
cat /dev/zero >"$disk/hog" 2>/dev/null
wait $!; code=$?
ls "$disk" >"$disk.list"
exit $code
BASH
disk=$small expect 4 'is full: make room on it, or name another folder with --output' \
    "${privately[@]}" on_disk 6m "$small" bash "$scratch/fills-up" "${job[@]}" --rounds 20 --output "$small"
expect_that 'no page half made' test "$(grep -c report.html "$small.list")" -eq 0
expect 127 "make room for Wine's prefix" "${privately[@]}" on_disk 1m "$small" "${marked[@]}" REPRO_WINEPREFIX="$small" \
    "$repro" "${options[@]}" --output "$scratch/never"
expect_that 'nothing was begun without a prefix' test ! -e "$scratch/never"
nothing_left 'a full disk'

: 'an ordinary user, in a checkout of root'
chmod 711 "$scratch"
if "${ordinary[@]}" test -x "$repro" 2>/dev/null && [ "$(id -u)" -eq 0 ]; then
    mkdir -m 777 "$scratch/public"
    expect_one_line 127 "is another user's, and Wine refuses it; REPRO_WINEPREFIX" \
        "${ordinary[@]}" "${job[@]}" --output "$scratch/public/never"
    rm -f "$prefix/wineserver" # names a folder of root's
    chown -R 65534 "$prefix"
    expect_one_line 2 "Permission denied); $elsewhere" "${ordinary[@]}" "${job[@]}"
    works "${ordinary[@]}" "${job[@]}" --output "$scratch/public/results"
    nothing_left 'an ordinary user'
fi
finish
