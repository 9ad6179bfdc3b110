#!/usr/bin/env bash
# regress-iis.sh against isapi-host in an IIS's place: the fault, the negative control, and a negative control that has the fault.
. "$(dirname "$0")/expect.sh"

# start_host OPTION...: sets $target.
start_host() {
    coproc HOST { exec "$scripts/wine.sh" "$tree/windows-x86_64/host/isapi-host.exe" --root "$tree/windows-x86_64/extension" --port 0 \
        "$@" 2>"$scratch/host.log"; }
    host_pid=$HOST_PID
    exec {from_host}<&"${HOST[0]}" {to_host}>&"${HOST[1]}" {HOST[0]}<&- {HOST[1]}>&-
    local line
    read -r -t 90 -u "$from_host" line || { cat "$scratch/host.log"; exit 1; }
    line=${line%$'\r'}
    target=http://${line#listening on }/repro
}
stop_host() {
    exec {to_host}>&- {from_host}<&-
    wait "$host_pid"
    host_pid=
}
on_exit() {
    [ -z "${host_pid:-}" ] || kill "$host_pid" 2>/dev/null
    rm -rf "$scratch"
}

# expect_of CODE TEXT WHAT: the exit code and output with --expect WHAT.
expect_of() {
    expect "$1" "$2" "$scripts/regress-iis.sh" --no-build --preset "$(basename "$tree")" --target "$target" --expect "$3" --rounds 1 \
        --requests 1000 --output "$scratch/$((++runs))" -- --quiet --max-reset-rate 0.01
}
runs=0

start_host
expect_of 2 'is no IIS whose behaviour is known; say --expect' auto
expect_of 0 'reproduced: thread-per-request resets' fault
expect_of 1 'failed: thread-per-request was expected not to reset' none
stop_host

start_host --thread-exit keeps
expect_of 0 'holds: thread-per-request' none
expect_of 3 'is Application Protection Low' fault
stop_host
finish
