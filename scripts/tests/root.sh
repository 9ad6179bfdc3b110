# shellcheck shell=bash
# For the long tests: a bare system of another release, in a folder. To be sourced after expect.sh.
# Where no such system can be made, the test is skipped with a sentence.

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "skipped: a root of another system takes root and debootstrap (scripts/setup.sh roots)"
    exit 77
fi

# make_root FOLDER RELEASE [ARCHITECTURE]: a minimal Debian with apt set up, from where this machine
# has its packages.
make_root() {
    local root=$1 mirror
    # shellcheck disable=SC2016 # apt-get's variable
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | sed 1q)
    debootstrap --variant=minbase ${3:+--arch="$3"} "$2" "$root" "$mirror" >"$scratch/debootstrap.log" 2>&1 || {
        tail -n 5 "$scratch/debootstrap.log"
        return 1
    }
    cp --no-clobber /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
}

# in_root FOLDER COMMAND...: runs it there as root, with nothing of this session's environment. Its
# processes and its mounts end with it.
in_root() {
    # shellcheck disable=SC2016 # the inner shell's
    unshare --mount --pid --fork --kill-child bash -c 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot "$0" "$@"' "$@"
}
