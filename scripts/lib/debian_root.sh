# shellcheck shell=bash
# A Debian in a folder, and entering it. To be sourced. All of it takes root, and a mount namespace of
# the caller's own (unshare --mount), so that no mount outlives the caller.

# debian_mirror: from where this machine has its packages; empty where it is no Debian.
debian_mirror() {
    # shellcheck disable=SC2016 # apt-get's variable
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | sed 1q
}

# make_devices FOLDER: some of its own, so that nothing done there reaches this machine's.
make_devices() {
    local name
    mount -t tmpfs -o mode=755 devices "$1"
    for name in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0'; do
        # shellcheck disable=SC2086 # words
        mknod --mode 666 "$1/"${name%% *} c ${name#* }
    done
    mkdir "$1/pts" "$1/shm"
    mount -t devpts -o newinstance,ptmxmode=666 devpts "$1/pts"
    mount -t tmpfs -o mode=1777 shm "$1/shm"
    ln -s pts/ptmx "$1/ptmx"
    ln -s /proc/self/fd "$1/fd"
}

# show_files FOLDER: in the root in FOLDER, this machine's files are where they are here, but for what
# is the system's.
show_files() {
    local folder
    for folder in /*; do
        case $folder in
            /bin | /boot | /dev | /etc | /lib* | /proc | /run | /sbin | /sys | /usr | /var) continue ;;
        esac
        if [ ! -d "$folder" ] || [ -L "$folder" ]; then continue; fi
        mkdir -p "$1$folder"
        mount --rbind "$folder" "$1$folder"
    done
}
