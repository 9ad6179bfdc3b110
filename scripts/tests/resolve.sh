#!/usr/bin/env bash
# A name whose addresses change while the load goes on, with --resolve-every and without.
. "$(dirname "$0")/namespace.sh"
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

if ! unshare --mount true 2>/dev/null; then
    echo 'skipped: no mount namespace can be made here; it takes root, and a kernel that has them'
    exit 77
fi
hosts=$scratch/hosts
echo '127.0.0.1 name.test' >"$hosts"
with_hosts=(unshare --mount bash -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' hosts "$hosts")
start_fault_server --every 1000000
port=${address##*:}
# The file that is mounted, not a new one of its name.
now_hosts() { echo "$1" | dd of="$hosts" conv=notrunc,sync bs=64 status=none; }

# start NAME ARGUMENT...: a load in the background, which has looked the name up. What it says goes to $scratch/NAME.
start() {
    local name=$1
    shift
    "${with_hosts[@]}" "$loadgen" "$@" --quiet --output "$scratch/$name.d" "http://name.test:$port/" >"$scratch/$name" 2>&1 &
    loading=$!
    until [ -e "$scratch/$name.d/events.csv" ] || ! kill -0 "$loading" 2>/dev/null; do sleep 0.02; done
}
load=(run -t 1 -c 2 --ramp 0s --send-delay 1ms)
said() {
    local limit=$((SECONDS + 60))
    until grep -q -F -- "$2" "$scratch/$1"; do
        kill -0 "$loading" 2>/dev/null && [ "$SECONDS" -lt "$limit" ] || break
        sleep 0.05
    done
    expect_that "$1: '$2' is said" grep -q -F -- "$2" "$scratch/$1"
}
end() {
    local code=0
    interrupt_loadgen "$loading"
    wait "$loading" || code=$?
    expect_that "130, not $code, of an interrupted load" test "$code" -eq 130
}
refused() { columns "$scratch/$1.d/events.csv" rows where cause=refused remote_address="$2"; }

start again "${load[@]}" -d 1m --resolve-every 100ms
now_hosts '127.0.0.2 name.test'
said again "'name.test' is now at 127.0.0.2:$port: new connections go there"
now_hosts ''
said again "cannot resolve the host 'name.test'"
said again "new connections go to 127.0.0.2:$port as before"
now_hosts '127.0.0.1 name.test'
said again "'name.test' is now at 127.0.0.1:$port: new connections go there"
end
expect_that 'attempts went to the second address, where nobody listens' test "$(refused again 127.0.0.2)" -gt 0
expect_that 'and to no other that nobody listens at' test "$(refused again 127.0.0.2)" -eq "$(columns "$scratch/again.d/events.csv" rows)"
expect_that 'a failure is said once' test "$(grep -c -F 'cannot resolve' "$scratch/again")" -eq 1

start kept "${load[@]}" -d 1m -k --resolve-every 100ms
now_hosts '127.0.0.2 name.test'
said kept "'name.test' is now at 127.0.0.2:$port"
end
expect_that 'kept connections stay' test "$(columns "$scratch/kept.d/runs.csv" sum established refused | tr -s ' \t' ' ')" = '2 0'

# A block that begins when the time has come begins with a look-up: blocks are shorter than that.
now_hosts '127.0.0.1 name.test'
start blocks regress -t 1 -c 2 --block 100ms --rounds 100 --settle 0s --resolve-every 300ms --fixed good=/good
now_hosts '127.0.0.2 name.test'
said blocks "'name.test' is now at 127.0.0.2:$port"
kill "$loading"
wait "$loading" 2>/dev/null

now_hosts '127.0.0.1 name.test'
start once "${load[@]}" -n 500
now_hosts '127.0.0.2 name.test'
wait "$loading"
expect_that '500 answers' test "$(columns "$scratch/once.d/runs.csv" sum answers)" -eq 500
expect_that 'without the option the name is looked up once' test "$(columns "$scratch/once.d/runs.csv" sum refused)" -eq 0
expect_one_line 2 "--resolve-every '1ms' is too short" "$loadgen" run --resolve-every 1ms http://127.0.0.1:1/
stop_fault_server
finish
