# shellcheck shell=bash disable=SC2034
# For the script tests, to be sourced after expect.sh: a fault-server beside them.

# start_fault_server OPTION-OR-FAULT...: sets $url and $address; ends with the test at the latest.
start_fault_server() {
    start_server "$tree/loadgen/tests/fault-server" "$@" || exit 1
    url=http://$address/
}

# Ends the server and sets $injected: how often each fault befell a client, all faults together.
stop_fault_server() {
    local fresh reused
    stop_server
    read -r fresh reused < <(columns - sum fresh reused <<<"$server_said")
    injected=$((fresh + reused))
}
