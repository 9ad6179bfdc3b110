#!/usr/bin/env bash
# scripts/iis/vm.sh with QEMU itself. The guest: Debian's kernel and a busybox that serves HTTP, on
# the machine that Windows 2000 gets but for a 64-bit processor. It reads its disk, shows what it
# found, and writes to it.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/fault_server.sh"

PATH=$PATH:/usr/sbin:/sbin
for program in qemu-system-x86_64 qemu-img busybox modinfo; do
    command -v "$program" >/dev/null || skip "$program is not installed; ./scripts/setup.sh vm installs it"
done
for kernel in /boot/vmlinuz-*-amd64; do release=${kernel#/boot/vmlinuz-}; done
[ -r "$kernel" ] && modinfo -k "$release" 8139cp >/dev/null 2>&1 ||
    skip 'no Debian kernel in /boot; ./scripts/setup.sh vm installs it'

# The modules for IDE disk, network card and power button, each after those that it depends on.
guest=$scratch/guest
mkdir -p "$guest"/{bin,modules,www}
cp "$(command -v busybox)" "$guest/bin/busybox"
modprobe -d / -S "$release" --show-depends -a ata_piix sd_mod 8139cp af_packet evdev button 2>/dev/null |
    awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$scratch/modules"
while read -r module; do
    cp "$module" "$guest/modules/"
    echo "/modules/${module##*/}"
done <"$scratch/modules" >"$guest/modules/order"
cat >"$guest/init" <<'TEXT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
while read -r module; do insmod "$module"; done </modules/order
until [ -b /dev/sda ]; do sleep 0.1; done
head -n 1 /dev/sda >/www/found
echo 'written by the guest' | dd of=/dev/sda conv=notrunc
sync
head -n 1 /dev/sda >/www/left
ip link set lo up
ip link set eth0 up
udhcpc -q -n -t 10 -i eth0 -s /lease
outside=$(grep -o 'outside=[0-9]*' /proc/cmdline)
printf 'GET / HTTP/1.0\r\n\r\n' | nc -w 3 10.0.2.2 "${outside#*=}" >/www/outside
[ -s /www/outside ] || echo 'cut off' >/www/outside
nc -ll -p 81 -e /unread &
grep -q silent /proc/cmdline || httpd -p 80 -h /www
echo 'the guest is up' >/dev/ttyS0
# A key event, of the only input device that is a button: the power button was pressed.
for input in /sys/class/input/event*; do
    ! grep -q 'Power Button' "$input/device/name" || button=/dev/input/${input##*/}
done
head -c 1 "$button" >/dev/null
grep -q stubborn /proc/cmdline || poweroff -f
exec sleep 1000000
TEXT
cat >"$guest/lease" <<'TEXT'
#!/bin/sh
[ "$1" != bound ] || ip address add "$ip/$mask" dev "$interface"
TEXT
cat >"$guest/unread" <<'TEXT'
#!/bin/sh
# Ends with the request unread: the kernel resets the connection.
sleep 1
TEXT
chmod +x "$guest"/{init,lease,unread}
(cd "$guest" && find . | busybox cpio -o -H newc) >"$scratch/initramfs" 2>/dev/null

# A comma separates QEMU's arguments, and belongs to this name.
image=$scratch/a,b.qcow2
{ echo 'as it was made'; head -c 1M /dev/zero; } >"$scratch/disk"
qemu-img convert -f raw -O qcow2 "$scratch/disk" "$image" || exit 1
checksum=$(sha256sum <"$image")
chmod a-w "$image"

# boot KERNEL-WORDS OPTION...: the arguments of a run, in $run.
boot() {
    local words=$1
    shift
    run=("$scripts/iis/vm.sh" --image "$image" --output "$scratch/logs" --accel tcg --qemu -cpu --qemu qemu64 --qemu -kernel --qemu "$kernel" --qemu -initrd
        --qemu "$scratch/initramfs" --qemu -append --qemu "console=ttyS0 quiet panic=-1 $words" "$@")
}
# shellcheck disable=SC2016 # for the inner bash
fetch='for page in found left outside; do busybox wget -q -O - "http://$0/$page"; done'

# QEMU's 10.0.2.2 is this machine's loopback.
start_fault_server --every 1000000 close-after-request
for network in user link; do
    boot "outside=${address##*:}" --network "$network"
    expect 0 'as it was made' "${run[@]}" -- bash -c "$fetch" '{}'
    cat "$scratch/output"
    expect_that "$network: the guest did write to its disk" grep -q 'written by the guest' "$scratch/output"
    expect_that "$network: nothing else is to be reached from it" grep -q 'cut off' "$scratch/output"
    expect_that "$network: it powered down by itself" test "$(grep -c 'switched off' "$scratch/output")" -eq 0
done
stop_fault_server
expect 0 'attempts  500' "${run[@]}" -- "$loadgen" run -n 500 --quiet 'http://{}/found'
# shellcheck disable=SC2016
expect 0 'attempts  16' "${run[@]}" -- bash -c '"$0" run -c 4 -n 16 --quiet "http://${1%:*}:81/"' "$loadgen" '{}'
expect_that 'each reset by the guest is a reset at the client' grep -q -E '^reset +16' "$scratch/output"

boot stubborn
expect 3 'did not power down within 2 s' "${run[@]}" --shutdown-limit 2 -- bash -c 'exit 3'
boot silent
expect 4 'the guest is up' "${run[@]}" --boot-limit 20 -- true
expect_that 'its screen is kept' grep -q -a PNG "$scratch/logs/screen.png"
boot '' --nic nonsense
expect 2 'QEMU did not start' "${run[@]}" -- true

expect_that 'the image is bit for bit as it was' test "$(sha256sum <"$image")" = "$checksum"
finish
