#!/usr/bin/env bash
# Boots a virtual machine that has IIS, runs the regression against it, and powers it down.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/results.sh
. "$top/scripts/lib/results.sh"
options "$@" <<'TEXT'
usage: scripts/iis/vm.sh --image FILE.qcow2 [OPTION...] [-- COMMAND...]

Boots the image with QEMU, waits until HTTP answers on the guest's port 80, runs the command and
powers the guest down. The image is only read: what the guest writes is gone afterwards, so every
run starts from the same state. The guest gets its address by DHCP, and reaches nothing but this
script and the command.

The command is scripts/regress-iis.sh --target http://{}/repro, or yours; {} in it stands for the
guest's address. The image, with Windows, IIS and the extension installed, is yours to make, and its
licence yours to have.

  --image FILE.qcow2     the guest's disk
  --guest 2000|modern    the machine. 2000: for NT 4.0 to 2003, an i440FX PC with a Pentium III,
                         IDE, RTL8139, Cirrus VGA, 512 MB. modern: for 2008 and later, a Q35 PC
                         with SATA, E1000, two processors, 4096 MB (2000)
  --memory MB            other than that
  --cpus N               other than that
  --nic MODEL            other than that; a network card without a driver in the guest is no network
  --network link|user    link: QEMU and the command share a network namespace of their own, with a
                         wire (tap) between them. user: QEMU's user network, port 80 being a free
                         port of 127.0.0.1. It needs no namespace, but turns the guest's resets
                         into plain closes, so that no reset is ever counted (link)
  --accel auto|kvm|tcg   auto: KVM if /dev/kvm and the processor permit it, else emulation (tcg),
                         which is many times slower (auto)
  --qemu ARG             one more argument for QEMU, as it is; repeatable. --qemu -vnc --qemu :0
                         shows the screen
  --boot-limit S         seconds until HTTP must answer (600)
  --shutdown-limit S     seconds that the guest may take after its power button was pressed; then it
                         is switched off (60)
  --output DIR           folder for serial.log, qemu.log, dhcp.log, and screen.png if HTTP never
                         answers; without it, results/, the UTC time and -vm

Exit code: that of the command; 2 bad usage, or QEMU did not start; 4 HTTP never answered;
130 interrupted.
TEXT
arguments=("$@")
command=("${rest[@]}")
[ ${#command[@]} -gt 0 ] || command=("$top/scripts/regress-iis.sh" --target 'http://{}/repro')

case $guest in
    2000) machine=(-machine pc -cpu pentium3 -vga cirrus -m "${memory:-512}" -smp "${cpus:-1}") nic=${nic:-rtl8139} ;;
    modern) machine=(-machine q35 -cpu max -vga std -m "${memory:-4096}" -smp "${cpus:-2}") nic=${nic:-e1000} ;;
    *) fail "--guest must be 2000 or modern, not '$guest'" ;;
esac
case $accel in
    auto)
        # A kernel may offer KVM without the processor for it; most guests then never run.
        if [ -w /dev/kvm ] && grep -q -w -E 'vmx|svm' /proc/cpuinfo; then machine+=(-accel kvm); fi
        machine+=(-accel tcg) ;;
    kvm | tcg) machine+=(-accel "$accel") ;;
    *) fail "--accel must be auto, kvm or tcg, not '$accel'" ;;
esac
[[ $network =~ ^(link|user)$ ]] || fail "--network must be link or user, not '$network'"
for limit in boot_limit shutdown_limit; do
    [[ ${!limit} =~ ^[1-9][0-9]{0,4}$ ]] || fail "--${limit/_/-} must be a whole number of seconds, not '${!limit}'"
done
[ -n "$image" ] || fail "which image? Give one with --image (see --help)"
[ -r "$image" ] || fail "cannot read the image '$image'"
[ "$(head -c 3 "$image")" = QFI ] ||
    fail "'$image' is no qcow2 image; make one of it with qemu-img convert -O qcow2"
command -v "${command[0]}" >/dev/null || fail "there is no command '${command[0]}'"
command -v qemu-system-x86_64 >/dev/null || fail "qemu-system-x86_64 is not installed; run scripts/setup.sh vm"

if [ "$network" = link ] && [ -z "${VM_IN_NAMESPACE-}" ]; then
    command -v busybox >/dev/null || fail "busybox, the DHCP server, is not installed; run scripts/setup.sh vm"
    for enter in 'unshare --net' 'unshare --user --map-root-user --net'; do
        if $enter true 2>/dev/null; then VM_IN_NAMESPACE=1 exec $enter "$0" "${arguments[@]}"; fi
    done
    fail "no network namespace can be made here; run it as root, or with --network user, where resets cannot be counted"
fi

new_results -vm
output=$(realpath "$output")
image=$(realpath "$image")

dhcp_pid=
if [ "$network" = link ]; then
    # Of the range for benchmarks (RFC 2544), which no network routes. No router is announced.
    host=198.18.0.2 port=80
    nic="tap,ifname=vm,script=no,downscript=no,model=$nic"
    PATH=$PATH:/usr/sbin:/sbin
    { ip link set lo up && ip tuntap add vm mode tap && ip address add 198.18.0.1/30 dev vm && ip link set vm up; } ||
        fail "cannot make a tap device; is there a /dev/net/tun?"
    printf '%s\n' 'interface vm' "start $host" "end $host" 'max_leases 1' 'option subnet 255.255.255.252' \
        "lease_file $output/dhcp.leases" "pidfile $output/dhcp.pid" >"$output/dhcp.conf"
    : >"$output/dhcp.leases"
    setsid setpriv --pdeathsig KILL busybox udhcpd -f "$output/dhcp.conf" >"$output/dhcp.log" 2>&1 </dev/null &
    dhcp_pid=$!
else
    host=127.0.0.1 port=
    nic="user,model=$nic,restrict=on,hostfwd=tcp:127.0.0.1:0-:80"
    echo "vm.sh: --network user turns the guest's resets into plain closes: no reset will be counted" >&2
fi

# Its own session: a Ctrl-C is for the command, whose connections the guest has yet to answer. If
# this script is killed, the system ends QEMU as well. It starts when told to: bash forgets a
# coprocess that ends before it was looked at.
coproc QEMU {
    read -r _
    exec setsid setpriv --pdeathsig KILL qemu-system-x86_64 "${machine[@]}" -rtc base=localtime -display none \
        -drive "file=${image//,/,,},format=qcow2,if=ide,snapshot=on" \
        -nic "$nic" \
        -serial "file:$output/serial.log" -monitor stdio "${qemu[@]}" 2>"$output/qemu.log"
}
qemu_pid=$QEMU_PID
exec {from_qemu}<&"${QEMU[0]}" {to_qemu}>&"${QEMU[1]}" {QEMU[0]}<&- {QEMU[1]}>&-
echo begin >&"$to_qemu"

# ask COMMAND PATTERN: the line of the monitor's answer that matches, in $reply. In a subshell, as
# QEMU may be gone: SIGPIPE.
ask() {
    (echo "$1" >&"$to_qemu") 2>/dev/null || return
    while IFS= read -r -t 10 -u "$from_qemu" reply; do
        # shellcheck disable=SC2053 # a pattern it is
        [[ $reply != $2 ]] || return 0
    done
    return 1
}

# ended LIMIT: QEMU ends within so many seconds; its monitor is closed then.
ended() {
    local deadline=$((SECONDS + $1)) code=0
    while [ "$code" -eq 0 ]; do
        read -r -t $((deadline > SECONDS ? deadline - SECONDS : 1)) -u "$from_qemu" _ || code=$?
    done
    [ "$code" -le 128 ]
}

# shellcheck disable=SC2317 # the trap calls it
switch_off() {
    kill "$qemu_pid" 2>/dev/null && { ended 10 || kill -KILL "$qemu_pid"; }
    wait "$qemu_pid" 2>/dev/null || true
    [ -z "$dhcp_pid" ] || kill "$dhcp_pid" 2>/dev/null || true
}
trap switch_off EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ask 'info kvm' 'kvm support*' || fail "QEMU did not start: $(tail -n 1 "$output/qemu.log")"
speed='no KVM: emulated, many times slower'
[[ $reply != *enabled* ]] || speed='with KVM'
if [ -z "$port" ]; then
    ask 'info usernet' '*HOST_FORWARD*' || fail "QEMU forwards no port: $(tail -n 1 "$output/qemu.log")"
    read -r _ _ _ port _ <<<"$reply"
fi
echo "vm.sh: $(basename "$image") boots, $speed; its port 80 is $host:$port" >&2

# Something may accept long before the guest does: only a line of HTTP is an answer.
answers() {
    # shellcheck disable=SC2016 # for the inner bash
    timeout --foreground 6 bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "GET / HTTP/1.0\r\n\r\n" >&3 &&
        read -r line <&3 && [[ $line = HTTP/* ]]' "$host" "$port" 2>/dev/null
}

SECONDS=0
until answers; do
    kill -0 "$qemu_pid" 2>/dev/null || fail "QEMU ended before HTTP answered: $(tail -n 1 "$output/qemu.log")" 4
    if [ "$SECONDS" -ge "$boot_limit" ]; then
        # The second answer comes when the first command is done.
        ask "screendump \"$output/screen.png\" -f png" '*screendump*' && ask 'info status' '*status:*' || true
        tail -q -n 20 "$output/serial.log" "$output/qemu.log" | cat -v >&2
        fail "HTTP did not answer within $SECONDS s: see $output/screen.png, wait longer with --boot-limit, \
or give the network card that the guest has a driver for with --nic" 4
    fi
    sleep 1
done
echo "vm.sh: HTTP answers after $SECONDS s" >&2

# In its own process group, to which signals are passed on: it ends first, in its own manner, and
# what it wrote is whole.
signal=''
trap 'signal=INT' INT
trap 'signal=TERM' TERM
set -m
"${command[@]//\{\}/$host:$port}" </dev/null {from_qemu}<&- {to_qemu}>&- &
command_pid=$!
set +m
pass_on() { kill "-$1" -- "-$command_pid" 2>/dev/null || true; }
trap 'pass_on INT' INT
trap 'pass_on TERM' TERM
[ -z "$signal" ] || pass_on "$signal" # it came before there was a command, or its number
while kill -0 "$command_pid" 2>/dev/null; do wait "$command_pid" || true; done
code=0
wait "$command_pid" || code=$?
trap 'exit 130' INT
trap 'exit 143' TERM

if ! ask system_powerdown '*system_powerdown*'; then
    echo "vm.sh: QEMU had ended before the command did; see $output/qemu.log" >&2
elif ! ended "$shutdown_limit"; then
    echo "vm.sh: the guest did not power down within $shutdown_limit s, and is switched off; the image is as it was" >&2
fi
echo "vm.sh: logs are in ${output#"$top/"}" >&2
exit "$code"
