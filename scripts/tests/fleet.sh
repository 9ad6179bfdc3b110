#!/usr/bin/env bash
# fleet.sh, with network namespaces as the machines and nsenter in place of ssh: four of them load
# one server over a bridge. What comes out is the sum of what each measured, and what the server
# injected.
. "$(dirname "$0")/namespace.sh"
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"
command -v parallel >/dev/null || skip 'GNU parallel is not installed; ./scripts/setup.sh tests installs it'

machines=(a b c d)
holders=()
on_exit() {
    kill_server
    kill "${holders[@]}" ${fleet_pid:+"$fleet_pid"} 2>/dev/null
    rm -rf "$scratch"
}

# A namespace lives as long as a process in it: one that waits for an end that never comes.
mkfifo "$scratch/never"
# shellcheck disable=SC2034 # it is only to be held open
exec {never}<>"$scratch/never"
ip link add bridge type bridge
ip address add 10.0.0.1/24 dev bridge
ip link set bridge up
for i in "${!machines[@]}"; do
    unshare --net cat "$scratch/never" >/dev/null &
    holder=$!
    holders+=("$holder")
    until [ "$(readlink "/proc/$holder/ns/net")" != "$(readlink "/proc/$$/ns/net")" ]; do
        kill -0 "$holder" 2>/dev/null || skip 'no network namespace can be made within one'
    done
    ip link add "to-${machines[i]}" type veth peer name bridge netns "$holder"
    ip link set "to-${machines[i]}" master bridge up
    nsenter --net="/proc/$holder/ns/net" sh -c "ip address add 10.0.0.$((i + 10))/24 dev bridge && ip link set bridge up"
    echo "$holder" >"$scratch/machine-${machines[i]}"
done

# `ssh HOST 'COMMAND LINE'`. A host without a namespace is down; the clock of the one called d is
# three seconds ahead, if so wished.
cat >"$scratch/ssh" <<SH
#!/bin/sh
[ -e "$scratch/machine-\$1" ] || { echo "connect to \$1: No route to host" >&2; exit 255; }
[ "\$1\$SKEW_D" != dyes ] || export PATH="$scratch/skewed:\$PATH"
exec nsenter --net="/proc/\$(cat "$scratch/machine-\$1")/ns/net" sh -c "\$2"
SH
mkdir "$scratch/skewed"
printf '#!/bin/sh\n[ "$1" = +%%s%%N ] || exec /bin/date "$@"\necho $(($(/bin/date +%%s%%N) + 3000000000))\n' >"$scratch/skewed/date"
# Notes the machines' folders.
printf '#!/bin/sh\nfor last; do :; done\n[ "$1" != run ] || echo "$last" >>"%s"\nexec "%s" "$@"\n' "$scratch/folders" "$loadgen" >"$scratch/loadgen"
chmod +x "$scratch/ssh" "$scratch/skewed/date" "$scratch/loadgen"
printf '%s\n' '# four machines' 'a # the first' '  b' '' c d >"$scratch/hosts"
fleet=("$scripts/fleet.sh" --preset "$(basename "$tree")" --ssh "$scratch/ssh" --loadgen "$scratch/loadgen")

# add_up FILE COLUMN...: over the machines, these columns have the sums that they have in the merged
# file.
add_up() {
    local file=$1
    shift
    expect_that "$file: these add up: $*" diff <(columns "$output"/?/"$file" sum "$@" | tr ' ' '\n') \
        <(columns "$output/merged/$file" sum "$@" | tr ' ' '\n')
}

# check_sums OUTPUT: merged is the sum of the machines that are there, and of what the server
# injected.
check_sums() {
    local output=$1 name percentile
    add_up runs.csv attempts established requests_sent answers http_2xx resets reset_await reset_receive reset_finish closed \
        malformed bytes_read connections threads
    add_up intervals.csv attempts answers resets other_failures
    expect_that 'one run in all' test "$(columns "$output/merged/runs.csv" rows)" -eq 1
    expect_that 'all events are there, in order of time' diff <(columns "$output"/?/events.csv values time_us | sort -n) \
        <(columns "$output/merged/events.csv" values time_us)
    expect_that 'as many as were injected' test "$(columns "$output/merged/outcomes.csv" sum count)" -eq "$injected"
    expect_that 'the pooled histograms count for count' diff <(pooled "$output"/?/histograms.csv) \
        <(pooled "$output/merged/histograms.csv")
    for percentile in 50 90 99 99.9; do
        name=latency_p${percentile/./}_us
        expect_that "p$percentile is that of the pooled answers" \
            awk -v merged="$(columns "$output/merged/runs.csv" values "$name")" \
            -v exact="$(quantile "$percentile" "$output"/?/histograms.csv)" \
            'BEGIN { exit !(merged > 0 && merged - exact <= 0.01 * exact + 1 && exact - merged <= 0.01 * exact + 1) }'
    done
    expect_that 'the maximum is that of all' \
        test "$(columns "$output"/?/runs.csv values latency_max_us | sort -n | tail -n 1)" -eq \
        "$(columns "$output/merged/runs.csv" values latency_max_us)"
}

# pooled HISTOGRAMS...: "measure from_us count" lines.
pooled() { columns "$@" sum count by measure from_us; }

# quantile PER-CENT HISTOGRAMS...: from the answers' buckets, each counted as its lower end.
quantile() {
    local percent=$1
    shift
    pooled "$@" | grep '^answer' | sort -n -k 2 | awk -v share="$percent" '{ from[NR] = $2; seen[NR] = all += $3 }
        END { for (i = 1; seen[i] < all * share / 100; ++i); print from[i] }'
}

# left_over: what is there yet of the machines' folders.
left_over() { while read -r folder; do ls -d "${folder%/*}" 2>/dev/null; done <"$scratch/folders"; }

: 'four machines, one server'
start_fault_server --address 10.0.0.1 --every 10 reset-after-request reset-in-body close-in-body reset-after-answer garbage
expect 0 'attempts  12,000' "${fleet[@]}" --hosts "$scratch/hosts" --lead 3 --output "$scratch/four" -- -c 8 -n 3000 --quiet "$url"
cp "$scratch/output" "$scratch/said"
stop_fault_server
cat "$scratch/said"
check_sums "$scratch/four"
expect_that '12,000 attempts, a tenth of them failed' test "$injected" -eq 1200
expect_that 'each in its own name' test "$(columns "$scratch/four/merged/events.csv" rows by run_id | wc -l)" -eq 4
agreed=$(grep -o -E '^[0-9:]{8}' "$scratch/said")
expect_that 'nobody began before the agreed second' test "$(printf '%s\n' "$agreed" \
    "$(columns "$scratch/four"/?/runs.csv values started_utc | cut -c 12-19)" | sort | head -n 1)" = "$agreed"
for machine in "${machines[@]}"; do
    expect_that "the clock of $machine is stated" grep -q "^$machine: clock .* ours, within" "$scratch/said"
done
expect_that 'nothing is left on the machines' test -z "$(left_over)"

: 'one is down, one has a wrong clock, all are late; loadgen is copied'
start_fault_server --address 10.0.0.1 --every 10 reset-after-request close-in-body
printf '%s\n' a nowhere d >"$scratch/some"
expect 4 '1 of 3 machines failed: nowhere; 2 are in the sum' \
    env SKEW_D=yes "${fleet[@]}" --hosts "$scratch/some" --lead 0 --loadgen /nowhere --copy --output "$scratch/some-of-them" -- -c 8 -n 1000 --quiet "$url"
cp "$scratch/output" "$scratch/said"
stop_fault_server
check_sums "$scratch/some-of-them"
expect_that 'the wrong clock is named' grep -q -E '^d.*its clock is (29|30)[0-9][0-9] ms ahead' "$scratch/said"
expect_that 'and only that' test "$(grep -c 'its clock is' "$scratch/said")" -eq 1
expect_that 'who is late is named' grep -q -E '^a.*late: it began [0-9]+ ms after the agreed start' "$scratch/said"
expect_that 'who is down is named, with the reason' grep -q -E '^nowhere.*No route to host' "$scratch/said"

: 'a gate'
start_fault_server --address 10.0.0.1 --every 2 reset-after-request
expect 1 'loadgen: error: resets>0: ' "${fleet[@]}" --hosts "$scratch/hosts" --lead 0 --output "$scratch/gate" -- -c 1 -n 10 --max-resets 0 --quiet "$url"
stop_fault_server
expect_that 'what was measured is added up all the same' test "$(columns "$scratch/gate/merged/runs.csv" sum resets)" -eq "$injected"

: 'wrong input'
run=(-- -n 10 --quiet "$url")
expect_one_line 2 '--hosts is missing' "${fleet[@]}" "${run[@]}"
expect_one_line 2 "cannot read the file of machines '$scratch/none'" "${fleet[@]}" --hosts "$scratch/none" "${run[@]}"
expect_one_line 2 'what shall be run?' "${fleet[@]}" --hosts "$scratch/hosts"
expect_one_line 2 '--output belongs before the --' "${fleet[@]}" --hosts "$scratch/hosts" "${run[@]}" --output x
expect_one_line 2 "names 'a' twice" "${fleet[@]}" --hosts <(printf 'a\nb\na\n') "${run[@]}"
expect_one_line 2 "'../a' is no name of a machine" "${fleet[@]}" --hosts <(echo ../a) "${run[@]}"
expect_one_line 2 'has the results of a fleet already' "${fleet[@]}" --hosts "$scratch/hosts" --output "$scratch/four" "${run[@]}"
expect 2 "--connections '0'" "${fleet[@]}" --hosts "$scratch/hosts" --lead 0 --output "$scratch/usage" -- -c 0 "$url"
expect 4 "loadgen can't run there" "${fleet[@]}" --hosts "$scratch/hosts" --lead 0 --loadgen /nowhere --output "$scratch/without" "${run[@]}"

# measuring: all four are, and have had a failure.
measuring() {
    local folders folder
    mapfile -t folders < <(cat "$scratch/folders" 2>/dev/null)
    [ ${#folders[@]} -eq 4 ] || return
    for folder in "${folders[@]}"; do [ "$(grep -c '' "$folder/events.csv" 2>/dev/null)" -gt 1 ] || return; done
} 2>/dev/null

# start_endless OUTPUT: a fleet of four under a load without end, in a process group of its own as a
# terminal has it; returns when all four are measuring.
start_endless() {
    rm -f "$scratch/folders"
    set -m
    "${fleet[@]}" --hosts "$scratch/hosts" --lead 1 --output "$1" -- -c 4 --rate 200 -d 10m --quiet "$url" >"$scratch/said" 2>&1 </dev/null &
    fleet_pid=$!
    set +m
    until measuring; do
        if [ "$SECONDS" -gt 240 ] || ! kill -0 "$fleet_pid" 2>/dev/null; then
            cat "$scratch/said"
            echo 'FAILED: four machines under load'
            exit 1
        fi
    done
}

: 'Ctrl-C'
start_fault_server --address 10.0.0.1 --every 10 reset-after-request close-in-body
start_endless "$scratch/interrupted"
kill -INT -- "-$fleet_pid"
wait "$fleet_pid"
expect_that 'Ctrl-C is exit code 130' test $? -eq 130
stop_fault_server
check_sums "$scratch/interrupted"
expect_that 'all four are in the sum' test "$(columns "$scratch/interrupted/merged/parts.csv" rows)" -eq 4

: 'fleet.sh is killed'
start_fault_server --address 10.0.0.1 --every 10 reset-after-request close-in-body
start_endless "$scratch/killed"
kill -KILL "$fleet_pid"
wait "$fleet_pid" 2>/dev/null
until [ -z "$(left_over)" ] || [ "$SECONDS" -gt 240 ]; do :; done
expect_that 'the loads end by themselves' test -z "$(left_over)"
stop_fault_server
expect_that 'and what they measured is gathered' "$loadgen" merge --output "$scratch/killed/merged" "$scratch/killed"/?
check_sums "$scratch/killed"
finish
