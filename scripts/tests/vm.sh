#!/usr/bin/env bash
# scripts/iis/vm.sh with a stand-in for QEMU, fault-server being the guest: boot, command, power
# down, and every way to fail.
. "$(dirname "$0")/expect.sh"

vm=$scripts/iis/vm.sh
PATH=$scripts/tests/stand-ins:$PATH
export STAND_IN_RECORD=$scratch STAND_IN_POWERDOWN=obeys
# A connection is closed without an answer, as QEMU does it while the guest's network isn't up:
# never, at first, always.
export STAND_IN_SERVER="$tree/loadgen/tests/fault-server --every 1000000 close-after-request"
answers_late="$tree/loadgen/tests/fault-server --every 1 --until 3 close-after-request"
answers_never="$tree/loadgen/tests/fault-server --every 1 close-after-request"

image=$scratch/iis.qcow2
printf 'QFI\xfb the image of the operator' >"$image"
checksum=$(sha256sum <"$image")

# nothing_left: the image is as it was, and QEMU is gone.
nothing_left() {
    expect_that "$1: the image is bit for bit as it was" test "$(sha256sum <"$image")" = "$checksum"
    expect_that "$1: QEMU has ended" test ! -e "/proc/$(<"$scratch/pid")"
}
has_argument() { grep -q -x -F -e "$1" "$scratch/arguments"; }
run=("$vm" --image "$image" --output "$scratch/logs" --network user)

: 'wrong use'
expect 0 'usage: scripts/iis/vm.sh' "$vm" --help
expect_one_line 2 'which image?' "$vm"
expect_one_line 2 "unknown option '--frobnicate'" "$vm" --frobnicate
expect_one_line 2 "option '--image' needs a value" "$vm" --image
expect_one_line 2 "cannot read the image '$scratch/none'" "$vm" --image "$scratch/none"
expect_one_line 2 "'$0' is no qcow2 image" "$vm" --image "$0"
expect_one_line 2 "--guest must be 2000 or modern, not 'xp'" "${run[@]}" --guest xp
expect_one_line 2 "--network must be link or user, not 'bridge'" "${run[@]}" --network bridge
expect_one_line 2 "--boot-limit must be a whole number of seconds, not 'soon'" "${run[@]}" --boot-limit soon
expect_one_line 2 "there is no command 'frobnicate'" "${run[@]}" -- frobnicate
expect 2 'QEMU did not start: qemu-system-x86_64: Unsupported NIC model: none' "${run[@]}" --nic none -- true
nothing_left 'QEMU did not start'

: 'the command, its output and its exit code'
expect 7 'http://127.0.0.1:' "${run[@]}" -- bash -c 'echo "http://$0"; exit 7' '{}'
nothing_left 'exit code 7'
expect_that 'the disk is opened as a snapshot' has_argument "file=$image,format=qcow2,if=ide,snapshot=on"
expect_that 'the guest is cut off but for its port 80' has_argument 'user,model=rtl8139,restrict=on,hostfwd=tcp:127.0.0.1:0-:80'
expect_that 'a Pentium III for Windows 2000' has_argument pentium3
STAND_IN_SERVER=$answers_late expect 0 'attempts  100' "${run[@]}" -- "$loadgen" run -n 100 --quiet 'http://{}/'
expect_that 'it waited until the guest answered' grep -q -E 'answers after ([3-9]|[1-9][0-9]) s' "$scratch/output"
expect 0 '' "${run[@]}" --guest modern --memory 2048 --accel tcg --qemu -vnc --qemu :0 -- true
expect_that 'a newer machine, with less memory and a screen' test "$(grep -c -x -E 'q35|2048|tcg|-vnc|:0|user,model=e1000,.*' "$scratch/arguments")" -eq 6

: 'the default command'
mkdir -p "$scratch/top/scripts/iis"
cp "$vm" "$scratch/top/scripts/iis/"
cp -r "$scripts/lib" "$scratch/top/scripts/"
printf '#!/bin/sh\necho "called with $*"\n' >"$scratch/top/scripts/regress-iis.sh"
chmod +x "$scratch/top/scripts/regress-iis.sh"
expect 0 'called with --target http://127.0.0.1:' "$scratch/top/scripts/iis/vm.sh" --image "$image" --network user
expect_that "its argument is the regression's base URL" grep -q -E -x 'called with --target http://127.0.0.1:[0-9]+/repro' "$scratch/output"
expect_that 'its logs have a results folder' test -s "$(echo "$scratch"/top/results/2*-vm/serial.log)"

: 'the default network; the stand-in cannot answer there'
if unshare --net true 2>/dev/null && [ -w /dev/net/tun ] && command -v busybox >/dev/null; then
    expect 4 '198.18.0.2:80' "${run[@]}" --network link --boot-limit 1 -- true
    expect_that 'it is a tap device' has_argument 'tap,ifname=vm,script=no,downscript=no,model=rtl8139'
    nothing_left 'the default network'
else
    echo 'skipped: the default network takes a network namespace, /dev/net/tun and busybox (./scripts/setup.sh vm)'
fi

: 'a guest that ignores its power button'
STAND_IN_POWERDOWN=ignores expect 3 'did not power down within 1 s' "${run[@]}" --shutdown-limit 1 -- bash -c 'exit 3'
nothing_left 'no reaction to the power button'

: 'a guest that never answers'
STAND_IN_SERVER=$answers_never expect 4 'HTTP did not answer within' "${run[@]}" --boot-limit 2 -- true
expect_that "the guest's last words are shown" grep -q 'the guest boots' "$scratch/output"
expect_that 'its screen is kept' test -s "$scratch/logs/screen.png"
nothing_left 'no answer'
STAND_IN_SERVER=false expect 2 'QEMU did not start' "${run[@]}" -- true

# interrupt SIGNAL WHEN COMMAND...: sends it to vm.sh as soon as the file WHEN is there; its exit
# code in $code.
interrupt() {
    local signal=$1 when=$2 vm_pid
    shift 2
    rm -f "$when"
    # In the background bash has a command ignore SIGINT; env gives it back.
    env --default-signal=INT "$@" >"$scratch/output" 2>&1 </dev/null &
    vm_pid=$!
    until [ -s "$when" ]; do kill -0 "$vm_pid" || break; done
    kill "-$signal" "$vm_pid"
    code=0
    wait "$vm_pid" 2>/dev/null || code=$?
}

: 'signals'
STAND_IN_SERVER=$answers_never interrupt INT "$scratch/pid" "${run[@]}" -- true
expect_that "interrupted while it waits: exit code 130, not $code" test "$code" -eq 130
nothing_left 'interrupted while it waits'
for signal in INT TERM; do
    # shellcheck disable=SC2016
    interrupt "$signal" "$scratch/began" "${run[@]}" -- \
        bash -c 'trap "echo written >\"$0.end\"; exit 9" INT TERM; echo >"$0"; echo begun >"$0"; sleep 60 & wait' "$scratch/began"
    expect_that "SIG$signal: the exit code is the command's, 9, not $code" test "$code" -eq 9
    expect_that "SIG$signal: the command ended in its own manner" grep -q written "$scratch/began.end"
    rm -f "$scratch/began.end"
    nothing_left "SIG$signal"
done
interrupt KILL "$scratch/pid" "${run[@]}" -- true
tail --pid="$(<"$scratch/pid")" -s 0.05 -f /dev/null
nothing_left 'killed'
finish
