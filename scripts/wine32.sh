#!/usr/bin/env bash
# Runs a 32-bit Windows program under 32-bit Wine, in an i386 Debian of the project's own.
set -euo pipefail

if [ $# -eq 0 ] || [ "$1" = --help ] || [ "$1" = -h ]; then
    cat <<'TEXT'
usage: scripts/wine32.sh PROGRAM.exe [ARGUMENT...]
       scripts/wine32.sh --first-start

What scripts/wine.sh does, for i686 programs. The Wine of Debian for amd64 does not run them. So the
first call makes a Debian for i386 with 32-bit Wine in build/i386-root: about a minute and 1.6 GB. Each
program runs in there, in a mount namespace of its own; /home, /tmp and other folders that are not the
system's are there as they are here. Network and processes are this machine's. It takes root.
--first-start only makes what there is not.
TEXT
    exit 0
fi

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/debian_root.sh
. "$top/scripts/lib/debian_root.sh"
root=$top/build/i386-root

# Second, in the mount namespace: into the root.
if [ "$1" = --in-namespace ]; then
    shift
    mount -t proc proc "$root/proc"
    make_devices "$root/dev"
    show_files "$root"
    if [ ! -e "$root$top/scripts" ]; then
        mkdir -p "$root$top"
        mount --rbind "$top" "$root$top"
    fi
    export REPRO_WINEARCH=win32 REPRO_WINEPREFIX=${REPRO_WINEPREFIX32:-$top/build/wine-prefix-i686}
    exec chroot "$root" env --chdir="$PWD" "$top/scripts/wine.sh" "$@"
fi

trap : PIPE
say() { echo "wine32.sh: $1" >&2 2>/dev/null || true; }
PATH=$PATH:/usr/sbin:/sbin
if [ "$(id -u)" -ne 0 ]; then
    say "32-bit Wine runs in a Debian of its own (build/i386-root), and only root can enter it; use sudo"
    exit 127
fi
if ! unshare --mount true 2>/dev/null; then
    say "this system lets root make no mount namespace, which 32-bit Wine is run in; in a container, --cap-add SYS_ADMIN"
    exit 127
fi
if [ ! -e "$root/ready" ]; then
    if ! command -v debootstrap >/dev/null; then
        say "debootstrap is not installed; run scripts/setup.sh i686"
        exit 127
    fi
    mkdir -p "$top/build"
    exec {lock}>"$top/build/.i386-root.lock"
    if ! flock --nonblock "$lock"; then
        say "another call makes build/i386-root; waiting for it"
        flock "$lock"
    fi
    if [ ! -e "$root/ready" ]; then
        release=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
        mirror=$(debian_mirror)
        if [ -z "$mirror" ]; then
            say "this is no Debian, so where to get a Debian for i386 is not known"
            exit 127
        fi
        say "making a Debian for i386 with 32-bit Wine in build/i386-root: about a minute, 1.6 GB"
        log=$top/build/i386-root.log
        rm -rf --one-file-system "$root"
        # debootstrap mounts, too.
        if ! unshare --mount debootstrap --arch=i386 --variant=minbase --include=wine32,wine \
            "$release" "$root" "$mirror" >"$log" 2>&1 {lock}>&- </dev/null; then
            tail -n 3 "$log" >&2
            say "debootstrap failed; see $log"
            exit 127
        fi
        touch "$root/ready"
    fi
    exec {lock}>&-
fi
exec unshare --mount "$0" --in-namespace "$@"
