#!/usr/bin/env bash
# What three readers make of the JUnit files: of every verdict, in one CI with all the others. Each
# case is there under its own name, the red ones red, with the sentence of their reason.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

readers=$scripts/../build/junit-readers
if ! [ -s "$readers/readers" ] || ! command -v node >/dev/null || ! /usr/bin/python3 -c 'import junitparser' 2>/dev/null; then
    echo 'skipped: no xunit-viewer, Allure or python3-junitparser; ./scripts/setup.sh readers installs them'
    exit 77
fi
mkdir "$scratch/ci"
# job CODE NAME COMMAND...: which leaves its JUnit file.
job() {
    local code=$1 name=$2
    shift 2
    expect "$code" '' "$@" --junit "$scratch/ci/$name.xml"
}

start_fault_server --every 10 close-after-request reset-in-body
base=${url%/}
run=("$loadgen" run -c 4 -n 200 --quiet)
# One URL and one gate, and the labels are those of builds.
job 0 green "${run[@]}" --label 'build 1.0' --fail-on 'lost>90%' "$url"
job 1 red "${run[@]}" --label 'build 1.1' --fail-on 'lost>90%,lost>0,resets>0' "$url"
# No label, and two servers.
job 0 here "${run[@]}" --fail-on 'lost>90%' "$url"
job 4 nowhere "${run[@]}" --fail-on 'lost>90%' http://127.0.0.1:1/
job 4 unresolved "${run[@]}" --fail-on 'lost>90%' http://nowhere.invalid/
# interrupted NAME COMMAND...: when its first block is stored or its first failure is.
interrupted() {
    local name=$1 file=$2
    shift 2
    "$@" --output "$scratch/$name" --junit "$scratch/ci/$name.xml" >/dev/null 2>&1 </dev/null &
    run_pid=$!
    until [ "$(grep -c '' "$scratch/$name/$file" 2>/dev/null)" -gt 3 ] 2>/dev/null; do
        if [ "$SECONDS" -gt 200 ] || ! kill -0 "$run_pid"; then break; fi
    done
    kill -INT "$run_pid"
    wait "$run_pid"
    expect_that "$name is exit code 130" test $? -eq 130
}
interrupted cut events.csv "$loadgen" run -c 4 -d 10m --quiet --label cut "$url"
regress=("$loadgen" regress -c 4 -n 200 --settle 0s --quiet)
job 0 expected "${regress[@]}" --label 'as expected' --fixed good=/good --max-reset-rate 0.2 "$base"
job 1 failed "${regress[@]}" --label 'failed' --fixed good=/good --output "$scratch/failed" "$base"
job 3 open "${regress[@]}" --label 'open' --fixed good=/good --rounds 1 --max-reset-rate 0.05 "$base"
job 0 place "${regress[@]}" --fixed good=/good --max-reset-rate 0.2 "$base"
job 4 none "${regress[@]}" --fixed good=/good http://127.0.0.1:1
interrupted half runs.csv "${regress[@]}" --label half --rounds 100000 --fixed good=/good --max-reset-rate 0.2 "$base"
expect 0 '' "${run[@]}" --output "$scratch/whole" "$url"
expect 4 '' "${run[@]}" --output "$scratch/down" http://127.0.0.1:1/
expect 0 '' "$loadgen" merge --output "$scratch/merged" "$scratch/failed"
job 4 stored "$loadgen" report "$scratch/whole" "$scratch/down" "$scratch/cut" "$scratch/failed" "$scratch/half" "$scratch/merged"
job 4 compared "$loadgen" compare "$scratch/whole" "$scratch/down"
printf '%s\n' label,attempts,resets,ended before,10000,0,whole after,10000,90,whole same,10000,1,whole cut,100,0,interrupted >"$scratch/runs.csv"
job 130 worse "$loadgen" compare "$scratch/runs.csv"
stop_fault_server

expect 0 '0 faults' /usr/bin/python3 -I "$scripts/tests/junit_readers.py" "$readers" "$scratch/ci"
cat "$scratch/output"
finish
