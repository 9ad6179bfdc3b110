# shellcheck shell=bash disable=SC2034
# A server beside the script. To be sourced.
#
# The server says "listening on ADDRESS:PORT" in its first line on stdout, and stops when its stdin
# closes: so do fault-server and isapi-host. One at a time.

server_pid=''

# start_server COMMAND...: starts it and sets $server_pid and $address. It fails if the server ends,
# says something else, or says nothing for 90 s. What the server writes to stderr goes where this
# function's stderr goes.
start_server() {
    local line=''
    # It starts when told to: bash forgets a coprocess that ends before it was looked at.
    coproc SERVER { read -r _ && exec "$@"; }
    server_pid=$SERVER_PID
    exec {from_server}<&"${SERVER[0]}" {to_server}>&"${SERVER[1]}" {SERVER[0]}<&- {SERVER[1]}>&-
    echo start >&"$to_server"
    read -r -t 90 -u "$from_server" line || true
    line=${line%$'\r'}
    address=${line#listening on }
    [ "$address" = "$line" ] || return 0
    [ -z "$line" ] || echo "${0##*/}: the server said '$line' where its address was expected" >&2
    return 1
}

# stop_server: lets it end, sets $server_said to the rest of its stdout, and returns its exit code.
stop_server() {
    local code=0
    exec {to_server}>&-
    server_said=$(cat <&"$from_server")
    wait "$server_pid" || code=$?
    exec {from_server}<&-
    server_pid=''
    return "$code"
}

# kill_server: for a trap, in case that it still runs.
kill_server() {
    [ -z "$server_pid" ] || { kill "$server_pid" && wait "$server_pid"; } 2>/dev/null || true
    server_pid=''
}
