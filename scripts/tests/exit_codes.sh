#!/usr/bin/env bash
# Wrong input to loadgen: one sentence on stderr naming the thing, and the exit code of the
# contract.
. "$(dirname "$0")/expect.sh"

expect 0 'loadgen COMMAND' "$loadgen" --help
expect 0 'loadgen 0.' "$loadgen" --version
for command in run regress compare reconcile merge; do
    expect 0 "usage: loadgen $command" "$loadgen" "$command" --help
done
expect 2 'usage: loadgen COMMAND' "$loadgen"
expect 0 '500' "$loadgen" predict --rate 300 --rate 500 --send-delay 20ms --send-delay 40ms
expect_one_line 2 "--rate '0' is not a number greater than 0" "$loadgen" predict --rate 300 --rate 0
expect_one_line 2 "--send-delay '0us' is too short" "$loadgen" predict --send-delay 20ms --send-delay 0us
expect_one_line 2 "unknown command 'frobnicate'" "$loadgen" frobnicate

# tcpmux, which nobody runs.
nobody=http://127.0.0.1:1

expect_one_line 2 "unrecognised option '--frobnicate'" "$loadgen" run --frobnicate "$nobody"
expect_one_line 2 'a URL is missing' "$loadgen" run
expect_one_line 2 "unexpected argument 'http://b/'" "$loadgen" run http://a/ http://b/
expect_one_line 2 "'http://' has no host" "$loadgen" run http://
expect_one_line 2 "'http:///x' has no host" "$loadgen" run http:///x
expect_one_line 2 "'localhost/x' is not a URL" "$loadgen" run localhost/x
expect_one_line 2 "--connections '-5' is not a whole number" "$loadgen" run --connections=-5 "$nobody"
expect_one_line 2 "--connections '0' is not a whole number" "$loadgen" run -c 0 "$nobody"
expect_one_line 2 "--duration 'soon' is not a duration" "$loadgen" run -d soon "$nobody"
expect_one_line 2 "--send-delay 'uniform:2ms..1ms'" "$loadgen" run --send-delay uniform:2ms..1ms "$nobody"
expect_one_line 2 '--duration and --requests exclude each other' "$loadgen" run -d 1s -n 1 "$nobody"
expect_one_line 2 "--fail-on 'lost=0': this is no rule; write a name, one of > >= < <=, and a limit" "$loadgen" run --fail-on lost=0 "$nobody"
expect_one_line 2 "--fail-on 'losts>0': there is no 'losts' to measure; write a name such as lost" "$loadgen" run --fail-on 'resets>0,losts>0' "$nobody"
expect_one_line 2 "--fail-on 'p99>50': '50' is not a duration" "$loadgen" run --fail-on 'resets>0' --fail-on 'p99>50' "$nobody"
expect_one_line 2 "--fail-on 'lost>=0': every run breaks this rule" "$loadgen" run --fail-on 'lost>=0' "$nobody"
expect_one_line 2 "--count 'closed' is neither resets nor lost" "$loadgen" regress --fixed a --count closed "$nobody"
expect_one_line 2 "--header '<hidden>' is not of the form" "$loadgen" run -H nonsense "$nobody"
expect_one_line 2 "cannot read the body file '$scratch/none'" "$loadgen" run --body-file "$scratch/none" "$nobody"
expect_one_line 2 "cannot read the config file '$scratch/none'" "$loadgen" run --config "$scratch/none" "$nobody"
expect_one_line 2 'no variant is named' "$loadgen" regress "$nobody"
expect_one_line 2 "the variant 'a' is given twice" "$loadgen" regress --faulty a --fixed a "$nobody"
expect_one_line 2 "--confidence '1' is not a number" "$loadgen" regress --fixed a --confidence 1 "$nobody"
expect_one_line 2 '--events and --victims are both needed' "$loadgen" reconcile
expect_one_line 2 "cannot read '$scratch/none'" "$loadgen" reconcile --events "$scratch/none" --victims "$scratch/none"

expect_one_line 4 'connection refused' "$loadgen" run --quiet "$nobody/"
expect_one_line 4 'connection refused' "$loadgen" regress --fixed a --output "$scratch/none" "$nobody"
expect_one_line 4 "cannot resolve the host 'nowhere.invalid'" "$loadgen" run --output "$scratch/none" http://nowhere.invalid/
expect_that 'nothing is written where nothing was measured' test ! -e "$scratch/none"

: >"$scratch/file"
expect_one_line 2 "cannot make the output folder '$scratch/file/out'" "$loadgen" run --output "$scratch/file/out" "$nobody"
mkdir "$scratch/other"
echo 'some,thing,else' >"$scratch/other/runs.csv"
expect_one_line 2 'has other columns' "$loadgen" run --output "$scratch/other" "$nobody"
expect_that 'the foreign file is left alone' test "$(cat "$scratch/other/runs.csv")" = 'some,thing,else'

echo 'connections = 3' >"$scratch/config"
expect 4 '3 connections' "$loadgen" run --config "$scratch/config" --quiet "$nobody/"
expect 4 '2 connections' "$loadgen" run --config "$scratch/config" -c 2 --quiet "$nobody/"
echo 'frobnicate = 3' >"$scratch/config"
expect_one_line 2 'frobnicate' "$loadgen" run --config "$scratch/config" "$nobody/"

printf 'time_us,local_address,local_port,cause\n1000,127.0.0.1,5,reset\n1000,127.0.0.1,6,closed\n' >"$scratch/events.csv"
printf 'time_us,client_address,client_port,thread_start\n900,127.0.0.1,5,a.dll+0x1\n' >"$scratch/victims.csv"
expect 0 '1 resets seen by clients, 1 victims in the host, 1 matched' \
    "$loadgen" reconcile --events "$scratch/events.csv" --victims "$scratch/victims.csv"
echo '900,127.0.0.1,7,a.dll+0x1' >>"$scratch/victims.csv"
expect 1 '2 caused by the exit of threads that began at a.dll+0x1' \
    "$loadgen" reconcile --events "$scratch/events.csv" --victims "$scratch/victims.csv"
expect 1 'only the host saw: 127.0.0.1:7' \
    "$loadgen" reconcile --events "$scratch/events.csv" --victims "$scratch/victims.csv"
cp "$scratch/victims.csv" "$scratch/two-victims.csv"
sed 's/^900,127.0.0.1,7,/900,,,/' "$scratch/two-victims.csv" >"$scratch/no-address.csv"
expect 1 '1 victim without an address, against 0 resets left over' "$loadgen" reconcile --events "$scratch/events.csv" --victims "$scratch/no-address.csv"
for port in x7 -1 65536 70002 '' 5.0; do
    { cat "$scratch/two-victims.csv"; echo "900,127.0.0.1,$port,a.dll+0x1"; } >"$scratch/victims.csv"
    expect_one_line 2 "'$scratch/victims.csv' line 4: client_port '$port' is no port" \
        "$loadgen" reconcile --events "$scratch/events.csv" --victims "$scratch/victims.csv"
    { cat "$scratch/events.csv"; echo "1000,127.0.0.1,$port,reset"; } >"$scratch/bad-events.csv"
    expect_one_line 2 "'$scratch/bad-events.csv' line 4: local_port '$port' is no port" \
        "$loadgen" reconcile --events "$scratch/bad-events.csv" --victims "$scratch/two-victims.csv"
done
echo '1000,,,reset' >>"$scratch/events.csv"
expect 1 '2 resets seen by clients, 2 victims in the host, 1 matched' \
    "$loadgen" reconcile --events "$scratch/events.csv" --victims "$scratch/two-victims.csv"
expect 0 '1 victim without an address, against 1 reset left over: compared by number' \
    "$loadgen" reconcile --events "$scratch/events.csv" --victims "$scratch/no-address.csv"

expect_one_line 2 '--output is missing' "$loadgen" merge "$scratch"
expect_one_line 2 'no folder is named' "$loadgen" merge --output "$scratch/sum"
expect_one_line 2 "'$scratch/none' is no folder" "$loadgen" merge --output "$scratch/sum" "$scratch/none"
expect_one_line 2 "cannot read '$scratch/runs.csv'" "$loadgen" merge --output "$scratch/sum" "$scratch"
expect_one_line 2 "'$scratch/other' has runs already" "$loadgen" merge --output "$scratch/other" "$scratch"
expect_that 'nothing is merged from wrong input' test ! -e "$scratch/sum"

runs_csv() { printf 'label,attempts,resets\n'; printf '%s\n' "$@"; }
runs_csv a,5000,7 b,10000,0 a,5000,5 c,10000,9 >"$scratch/runs.csv"
expect 0 'a : b   resets at least' "$loadgen" compare --confidence 0.95 "$scratch/runs.csv"
expect_that 'runs of one label are added' grep -q -E '^a +2 +10,000 +12 +0.12 %' "$scratch/output"
expect 0 'a : c   ~ no evidence of a difference (p = 0.66' "$loadgen" compare "$scratch/runs.csv"
expect 0 'c : b   resets at least' "$loadgen" compare --baseline b --confidence 0.95 "$scratch/runs.csv"
mkdir "$scratch/before" "$scratch/after"
runs_csv /,10000,12 >"$scratch/before/runs.csv"
runs_csv /,10000,0 >"$scratch/after/runs.csv"
expect 0 "$scratch/before : $scratch/after   resets at least 2.78 times as often (p = 5e-04)" \
    "$loadgen" compare --confidence 0.95 "$scratch/after" "$scratch/before"
expect_one_line 2 'only one label' "$loadgen" compare "$scratch/before"
expect_one_line 2 "--baseline 'x' is none of the labels" "$loadgen" compare --baseline x "$scratch/runs.csv"
expect_one_line 2 "cannot read '$scratch/none'" "$loadgen" compare "$scratch/none"
echo 'b,5,6' >>"$scratch/runs.csv"
expect_one_line 2 'line 6: more resets than attempts' "$loadgen" compare "$scratch/runs.csv"

"$scripts/repro.sh" --help >/dev/null || failures=$((failures + 1))
expect_one_line 2 "unknown option '--frobnicate'" "$scripts/repro.sh" --frobnicate
expect_one_line 2 "option '--rounds' needs a value" "$scripts/repro.sh" --rounds
expect_one_line 2 "option '--no-build' takes no value" "$scripts/repro.sh" --no-build=yes
expect_one_line 2 '/build/none/loadgen/loadgen' "$scripts/repro.sh" --no-build --preset=none
finish
