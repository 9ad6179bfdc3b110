#!/usr/bin/env bash
# A stored result says what the live run said: for each way to end, the exit code, the JUnit file, the
# summary and the page's badge are held against what `report` says of the folder, and the exit code
# against `compare`'s.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

files() { reports=(--junit "$1.xml" --markdown "$1.md" --html "$1.html"); }

# said NAME: what the three files say of it, without what differs for another reason: a folder's name.
said() {
    grep -o -E '<(failure|error|skipped) type="[^"]*" message="[^"]*"' "$1.xml"
    grep -o -E 'failures="[0-9]*" errors="[0-9]*" skipped="[0-9]*"' "$1.xml" | head -n 1
    sed -n '1,3p' "$1.md"
    grep -o -E '<span class="badge [^<]*' "$1.html"
    grep -o -E '<h1>[^<]*' "$1.html"
}

# stored NAME CODE [COMPARED]: the folder of that name says what the live run did, which ended with that
# code; compare ends with the other (the same).
stored() {
    local name=$1 code=$2 compared=${3:-$2}
    files "$scratch/$name.again"
    expect "$code" "$scratch/$name.again.xml" "$loadgen" report "${reports[@]}" "$scratch/$name"
    expect_that "$name: the files say the same" diff <(said "$scratch/$name") <(said "$scratch/$name.again")
    expect "$compared" 'attempts' "$loadgen" compare "$scratch/$name" "$scratch/whole/runs.csv"
}

# killed NAME TEXT: nothing but the folder is left of it.
killed() {
    files "$scratch/$1.again"
    expect 4 "'$scratch/$1' is the folder of a killed $2" "$loadgen" report "${reports[@]}" "$scratch/$1"
    expect_that "$1: a red case" grep -q 'error type="invalid"' "$scratch/$1.again.xml"
    expect_that "$1: an invalid summary" grep -q '^## loadgen: invalid' "$scratch/$1.again.md"
    expect_that "$1: a red page" grep -q 'class="badge bad">invalid' "$scratch/$1.again.html"
    expect 4 "'$scratch/$1' is the folder of a killed $2" "$loadgen" compare "$scratch/$1" "$scratch/whole"
    # Beside two that can be compared, the files are no greener than the exit code.
    cp -r "$scratch/whole" "$scratch/whole-too"
    expect 4 "'$scratch/$1' is the folder of a killed $2" "$loadgen" compare --junit "$scratch/killed.xml" \
        "$scratch/whole" "$scratch/whole-too" "$scratch/$1"
    expect_that 'a killed run is an error in the JUnit file' grep -q '<error [^>]*killed' "$scratch/killed.xml"
    expect 4 "of a killed" "$loadgen" compare "$scratch/whole/runs.csv" "$scratch/whole-too/runs.csv" "$scratch/$1/runs.csv"
    rm -r "$scratch/whole-too"
}

# begin NAME COMMAND...: in the background, with a folder and the reports of that name.
begin() {
    local name=$1
    shift
    files "$scratch/$name"
    "$@" --output "$scratch/$name" "${reports[@]}" >"$scratch/output" 2>"$scratch/errors" </dev/null &
    run_pid=$!
}
# ended NAME CODE: what begin began.
ended() {
    wait "$run_pid" 2>/dev/null
    expect_that "$1 is exit code $2" test $? -eq "$2"
}
# until_there FILE LINES
until_there() {
    until [ "$(grep -c '' "$1" 2>/dev/null)" -ge "$2" ] 2>/dev/null; do
        if [ "$SECONDS" -gt 200 ] || ! kill -0 "$run_pid" 2>/dev/null; then
            echo "FAILED: $1 does not come to $2 lines"
            cat "$scratch/errors"
            exit 1
        fi
    done
}
# live NAME CODE COMMAND...: to its end.
live() {
    local name=$1 code=$2
    shift 2
    begin "$name" "$@"
    ended "$name" "$code"
}

run=("$loadgen" run -c 4 --quiet)
regress=("$loadgen" regress -c 4 -n 200 --settle 0s --quiet)

start_fault_server --every 10 close-after-request reset-in-body
base=${url%/}

: 'runs'
live whole 0 "${run[@]}" -n 1000 "$url"
files "$scratch/whole.again"
expect 0 '' "$loadgen" report "${reports[@]}" "$scratch/whole"
for form in xml md html; do
    expect_that "that gates are not stored is said: $form" grep -q -i 'gates .*are not stored' "$scratch/whole.again.$form"
done
expect_that 'a green case' grep -q 'failures="0" errors="0" skipped="0"' "$scratch/whole.again.xml"
live gate 1 "${run[@]}" -n 1000 --fail-on 'lost>0' "$url"
files "$scratch/gate.again"
expect 0 '' "$loadgen" report "${reports[@]}" "$scratch/gate"
expect_that 'a gate that failed is in no folder' grep -q 'gates are not stored' "$scratch/gate.again.xml"
live closed 4 "${run[@]}" -n 10 http://127.0.0.1:1/
stored closed 4

begin interrupted "${run[@]}" -d 10m "$url"
until_there "$scratch/interrupted/events.csv" 20
kill -INT "$run_pid"
ended interrupted 130
stored interrupted 130

begin killed "${run[@]}" -d 10m "$url"
until_there "$scratch/killed/events.csv" 20
kill -KILL "$run_pid"
ended killed 137
killed killed run
expect 4 'of a killed run' "$loadgen" merge --output "$scratch/sum-of-killed" "$scratch/killed"

: 'the same folder once more: both are told of'
expect 0 '' "${run[@]}" -n 100 --output "$scratch/killed" "$url"
killed killed run
files "$scratch/killed.again"
expect_that 'and the good one is good' grep -q 'tests="2" failures="0" errors="1"' "$scratch/killed.again.xml"

expect 4 'File too large' bash -c 'ulimit -f 64; exec "$@"' shell "${run[@]}" -n 100000 --output "$scratch/full" "$url"
killed full run

: 'regressions'
live decided 0 "${regress[@]}" --fixed good=/good --max-reset-rate 0.2 "$base"
stored decided 0 0
live failed 1 "${regress[@]}" --fixed good=/good "$base"
stored failed 1 0
live open 3 "${regress[@]}" --fixed good=/good --rounds 1 --max-reset-rate 0.05 "$base"
stored open 3 0
begin cut "${regress[@]}" --rounds 100000 --fixed good=/good --max-reset-rate 0.2 "$base"
until_there "$scratch/cut/runs.csv" 5
kill -INT "$run_pid"
ended cut 130
stored cut 130
expect_that 'though its claim holds, nothing is green' grep -q 'tests="1" failures="0" errors="1"' "$scratch/cut.xml"
begin dead "${regress[@]}" --rounds 100000 --fixed good=/good --max-reset-rate 0.2 "$base"
until_there "$scratch/dead/runs.csv" 3
kill -KILL "$run_pid"
ended dead 137
killed dead regression
begin gone "${regress[@]}" --rounds 100000 --fixed good=/good --max-reset-rate 0.2 "$base"
until_there "$scratch/gone/runs.csv" 3
stop_fault_server
ended gone 4
stored gone 4

: 'silence'
start_fault_server --every 1 silence-after-request
begin twice "${run[@]}" -d 10m --timeout 5m "$url"
interrupt_loadgen "$run_pid"
until grep -q 'Ctrl-C again' "$scratch/errors"; do kill -0 "$run_pid" || break; done
kill -INT "$run_pid"
ended twice 130
stored twice 130
begin silent "${run[@]}" -d 10m --timeout 5m "$url"
until_there "$scratch/silent/invocations.csv" 2
kill -KILL "$run_pid"
ended silent 137
killed silent run
stop_fault_server

: 'sums'
expect 0 "the sum is not: interrupted" "$loadgen" merge --output "$scratch/sum" "$scratch/whole" "$scratch/interrupted"
expect 130 'interrupted before the load was over' "$loadgen" report "$scratch/sum"
expect 0 'nothing listens' "$loadgen" merge --output "$scratch/worst" "$scratch/sum" "$scratch/closed"
expect 4 'nothing listens' "$loadgen" report "$scratch/worst"
expect 0 '' "$loadgen" merge --output "$scratch/merged" "$scratch/decided"
files "$scratch/merged.again"
expect 0 '' "$loadgen" report "${reports[@]}" "$scratch/merged"
expect_that 'a sum that nobody judged is neither green nor red' grep -q 'tests="1" failures="0" errors="0" skipped="1"' "$scratch/merged.again.xml"

: 'of before the column'
cp -r "$scratch/whole" "$scratch/old"
cp -r "$scratch/whole" "$scratch/older"
sed -i -e '1s/,ended$//' -e 's/,whole$//' "$scratch/old/runs.csv" "$scratch/older/runs.csv"
expect_one_line 0 "an older loadgen wrote '$scratch/old', '$scratch/older'" "$loadgen" report --junit "$scratch/old.xml" "$scratch/old" "$scratch/older"
expect_one_line 0 'all are taken for whole' "$loadgen" compare "$scratch/old" "$scratch/whole"
expect_that 'a column that loadgen adds is the last' test "$(head -n 1 "$scratch/whole/runs.csv" | tr , '\n' | tail -n 1)" = ended
finish
