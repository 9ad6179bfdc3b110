#!/usr/bin/env bash
# The Kubernetes manifests parse and fit together, and what their containers would run does its
# work, here without a cluster.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"
/usr/bin/python3 -c 'import yaml' 2>/dev/null || skip 'no YAML parser (python3-yaml); ./scripts/setup.sh tests installs it'

# command_of MANIFEST JOB: sets $command.
command_of() {
    mapfile -d '' -t command < <(/usr/bin/python3 "$(dirname "$0")/kubernetes.py" "$scripts/kubernetes/$1" "$2")
    expect_that "$1 is a manifest" test ${#command[@]} -gt 0
}

mkdir "$scratch/bin" "$scratch/results"
ln -s "$(readlink -f "$loadgen")" "$scratch/bin/loadgen"
start=$(($(date +%s) + 1))
in_pod=(env "PATH=$scratch/bin:$PATH" "START=$start" "RESULTS=$scratch/results" MACHINES=4)

start_fault_server --every 10 reset-after-request
command_of load.yaml loadgen
words=" ${command[*]: -3} "
expect_that 'the manifest names its URL last' test "${words##* http://}" = 'vm/repro/thread-pool.dll '
for i in "${!command[@]}"; do # not so long, and not there
    case ${command[i]} in
        1m) command[i]=1s ;;
        http://*) command[i]=$url ;;
    esac
done
pids=()
for index in 0 1 2 3; do
    "${in_pod[@]}" "JOB_COMPLETION_INDEX=$index" "${command[@]}" --rate 200 >"$scratch/log-$index" 2>&1 </dev/null &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || { cat "$scratch"/log-*; failures=$((failures + 1)); }; done
stop_fault_server

command_of merge.yaml loadgen-merge
expect 0 'cluster: 4 runs added' "${in_pod[@]}" "${command[@]}"
expect_that 'there are resets' test "$injected" -gt 0
expect_that 'as many as were injected' test "$(columns "$scratch/results/$start/merged/events.csv" rows where cause=reset)" -eq "$injected"
rm -r "$scratch/results/$start/merged" "$scratch/results/$start/2"
expect 2 "'2' is no folder" "${in_pod[@]}" "${command[@]}"
finish
