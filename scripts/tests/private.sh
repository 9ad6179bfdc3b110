# shellcheck shell=bash disable=SC2034,SC2154
# For the script tests: commands in namespaces of their own, as an ordinary user, on a small disk, and
# whether they have left anything running. To be sourced, after expect.sh.

# "${privately[@]}" COMMAND...: with mounts of its own, and no network but its own loopback.
privately=()
for enter in 'unshare --mount --net' 'unshare --user --map-root-user --mount --net'; do
    if [ ${#privately[@]} -eq 0 ] && $enter true 2>/dev/null; then read -r -a privately <<<"$enter"; fi
done
if [ ${#privately[@]} -eq 0 ]; then
    skip 'no namespace for mounts and network can be made here'
fi
# shellcheck disable=SC2016 # expanded by the inner shell
privately+=(bash -c 'PATH=$PATH:/usr/sbin:/sbin; ip link set lo up; "$@"' privately)

# on_disk SIZE FOLDER COMMAND..., to be called privately: the folder is a disk of that size.
on_disk() {
    mount -t tmpfs -o "size=$1" none "$2" && "${@:3}"
}
# read_only FOLDER COMMAND..., to be called privately: nothing in it can be changed.
read_only() {
    mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && "${@:2}"
}
export -f on_disk read_only

# Runs that are to be looked for later carry a mark.
marked=(env "ACCIDENT=$scratch")
# marked_running: their numbers.
marked_running() { { grep -l -z -x -F -s -- "${marked[1]}" /proc/[0-9]*/environ || true; } | tr -d -c '0-9\n'; }
# nothing_left WHAT: none of them is there any more. Wine's server ends some seconds after its last
# program.
nothing_left() {
    local running began=$SECONDS
    while running=$(marked_running) && [ -n "$running" ]; do
        if [ "$SECONDS" -gt $((began + 30)) ]; then
            expect_that "$1 leaves nothing running: $(tr '\0' ' ' <"/proc/${running%%$'\n'*}/cmdline")" false
            return
        fi
        sleep 0.1
    done
}
clean_up() {
    # shellcheck disable=SC2046 # several numbers
    kill $(marked_running) 2>/dev/null
    on_exit
}
trap clean_up EXIT

# is_said TEXT FILE PID: waits until the process has said it in the file; the test fails if it ends
# before, or after a minute.
is_said() {
    local limit=$((SECONDS + 60))
    until grep -q -F -- "$1" "$2"; do
        kill -0 "$3" 2>/dev/null && [ "$SECONDS" -lt "$limit" ] || break
        sleep 0.1
    done
    expect_that "'$1' is said" grep -q -F -- "$1" "$2"
}

# An ordinary user, where the test is root; else who runs it.
ordinary=()
if [ "$(id -u)" -eq 0 ]; then
    ordinary=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all env HOME=/nonexistent)
    "${ordinary[@]}" true 2>/dev/null || ordinary=(false)
fi
