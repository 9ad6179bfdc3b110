# shellcheck shell=bash disable=SC2034
# For the script tests, to be sourced after expect.sh: a fault-server beside them.

# start_server OPTION-OR-FAULT...: sets $url; ends with the test at the latest.
start_server() {
    coproc SERVER { exec "$tree/loadgen/tests/fault-server" "$@"; }
    server_pid=$SERVER_PID
    exec {from_server}<&"${SERVER[0]}" {to_server}>&"${SERVER[1]}" {SERVER[0]}<&- {SERVER[1]}>&-
    local line
    read -r -t 60 -u "$from_server" line || { echo "the fault server did not start"; exit 1; }
    address=${line#listening on }
    url=http://$address/
}

# Ends the server and sets $injected: how often each fault befell a client, all faults together.
stop_server() {
    exec {to_server}>&-
    injected=$(awk -F, 'NR > 1 { sum += $2 + $3 } END { print sum + 0 }' <&"$from_server")
    wait "$server_pid"
    exec {from_server}<&-
    server_pid=
}

on_exit() {
    [ -z "${server_pid:-}" ] || kill "$server_pid" 2>/dev/null
    rm -rf "$scratch"
}
