# shellcheck shell=bash
# apt-get, as root or with sudo, saying how far it is. To be sourced, after options.sh.

# know_packages: a container's image comes without apt's lists.
know_packages() {
    if [ -n "$(apt-cache pkgnames libboost 2>/dev/null | head -n 1)" ]; then return; fi
    ! ${check-false} || fail "apt knows no packages; run apt-get update" 1
    apt_get update
}

# apt_get ARGUMENT...: ends the script with its last lines if it fails. What it prints is in a log.
apt_get() {
    local as_root=() log watcher code=0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "not root and no sudo; as root, run: apt-get $*"
        as_root=(sudo)
    fi
    log=$(mktemp)
    say_package "$log" &
    watcher=$!
    # shellcheck disable=SC2064 # these ones
    trap "kill $watcher 2>/dev/null; rm -f '$log'" EXIT
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@" >"$log" 2>&1 || code=$?
    if kill "$watcher"; then wait "$watcher" 2>/dev/null || true; fi
    [ ! -t 2 ] || printf '\r\033[K' >&2
    if [ "$code" -ne 0 ]; then
        tail -n 20 "$log" >&2
        fail "apt-get $1 failed"
    fi
    rm -f "$log"
    trap - EXIT
}

# say_package LOG: which package apt-get is at, for as long as it runs.
say_package() {
    local line every=15 begin=$SECONDS next
    [ ! -t 2 ] || every=1
    next=$every
    while sleep 1; do
        if [ $((SECONDS - begin)) -lt "$next" ]; then continue; fi
        next=$((SECONDS - begin + every))
        line=$(grep -a -o -E '^(Get:|Unpacking |Setting up |Processing triggers for ).*' "$1" | tail -n 1) || continue
        line="$(((SECONDS - begin) / 60)):$(printf %02d $(((SECONDS - begin) % 60))) ${line:0:68}"
        if [ -t 2 ]; then printf '\r\033[K%s' "$line" >&2; else echo "setup.sh: $line" >&2; fi
    done
}
