# shellcheck shell=bash
# For the long tests that make a bare system in a folder. To be sourced first; it sources expect.sh.
# Runs the whole test in mount and process namespaces of its own, so that no mount and no process
# outlives it, however it ends. Where that cannot be, the test is skipped with a sentence.

if [ -z "${IN_OWN_NAMESPACE:-}" ]; then
    set -uo pipefail
    PATH=$PATH:/usr/sbin:/sbin
    if ! command -v debootstrap >/dev/null; then
        echo 'skipped: debootstrap is not installed; ./scripts/setup.sh roots installs it'
        exit 77
    elif [ "$(id -u)" -ne 0 ] || ! unshare --mount --pid --fork --mount-proc true 2>/dev/null; then
        echo 'skipped: it takes root, and a mount namespace'
        exit 77
    fi
    TMPDIR=$(mktemp -d)
    export TMPDIR IN_OWN_NAMESPACE=1
    unshare --mount --pid --fork --mount-proc --kill-child "$0" "$@" &
    inside=$!
    clean_up() {
        local tries=0
        kill -KILL "$inside" 2>/dev/null # unshare heeds no SIGTERM
        wait "$inside"
        # What is killed with it may take a moment to let go.
        until rm -rf --one-file-system "$TMPDIR" 2>/dev/null || [ $((++tries)) -gt 50 ]; do sleep 0.1; done
    }
    trap clean_up EXIT
    trap 'exit 1' INT TERM HUP
    wait "$inside"
    exit
fi
. "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
. "$scripts/lib/debian_root.sh"
# In here nothing is deleted, since there is more mounted in the folder than what is ours. Outside, where
# none of these mounts is seen, clean_up does it.
on_exit() { kill_server; }

give_up() { sed 's/^/    /' "$scratch/log"; echo "FAILED: $1"; exit 1; }

# make_root FOLDER RELEASE [ARCHITECTURE]: a minimal Debian whose apt knows its packages, from where
# this machine has its own.
make_root() {
    # As any root it is a mount, or nothing in it can make a namespace for mounts of its own.
    mkdir "$1" && mount --bind "$1" "$1"
    debootstrap --variant=minbase ${3:+--arch="$3"} "$2" "$1" "$(debian_mirror)" >"$scratch/log" 2>&1 ||
        give_up "debootstrap makes a root of $2"
    cp --no-clobber /etc/apt/apt.conf.d/* "$1/etc/apt/apt.conf.d/"
    cp --remove-destination --dereference /etc/resolv.conf /etc/hosts "$1/etc/"
    mount -t proc proc "$1/proc"
    make_devices "$1/dev"
    "${in_root[@]}" "$1" apt-get -q update >"$scratch/log" 2>&1 || give_up 'apt-get update'
}

# "${in_root[@]}" FOLDER COMMAND...: runs it there, with nothing of this session's environment.
in_root=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot)
