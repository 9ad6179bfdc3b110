# shellcheck shell=bash
# Installs packages with apt-get, and says which it is at. To be sourced, after options.sh. What goes
# wrong ends the script, with one sentence where the cure is known.

# apt_install [PACKAGE...]: without any, only learns what packages there are.
apt_install() {
    local by_hand='apt-get update' code=0
    [ $# -eq 0 ] || by_hand+=" && apt-get install --no-install-recommends $*"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "not root and no sudo; as root, run: $by_hand"
        as_root=(sudo)
        # It may ask for a password, as long as nothing else writes to the terminal.
        sudo true || fail "sudo does not let you; as root, run: $by_hand"
    fi
    # A reader of stderr that leaves, as head does, is no reason to leave packages half installed.
    trap : PIPE
    apt_scratch=${apt_scratch:-$(mktemp -d 2>/dev/null)} ||
        fail "cannot write to ${TMPDIR:-/tmp} (is its disk full?); make room there, then run it again"
    trap 'rm -rf "$apt_scratch"' EXIT
    if [ $# -gt 0 ]; then say "installing with apt-get: $*"; else say 'apt-get knows no packages yet: updating its lists'; fi
    signal='' apt_job=''
    rm -f "$apt_scratch"/*
    trap 'interrupt_apt 130' INT
    trap 'interrupt_apt 143' TERM
    trap 'interrupt_apt 129' HUP
    # In this shell's group, since sudo wants the terminal.
    { repair && apt update && { [ $# -eq 0 ] || apt install --no-install-recommends "$@"; }; } &
    apt_job=$!
    follow
    wait "$apt_job" || code=$?
    trap - INT TERM HUP
    if [ -n "$signal" ]; then
        say 'stopped; the next call goes on from here'
        exit "$signal"
    fi
    [ "$code" -eq 0 ] || why_not "$by_hand"
}

say() { echo "setup.sh: $1" >&2 2>/dev/null || true; }

# apt ARGUMENT...: waits for another apt-get to end, as one often is at work on a machine just started.
apt() {
    local began=$SECONDS waiting=false at code
    while [ ! -e "$apt_scratch/stop" ]; do
        at=$(stat -c %s "$apt_scratch/log" 2>/dev/null) || at=0
        # The shell has what is in the background ignore SIGINT; apt-get knows where it may stop.
        "${as_root[@]}" env --default-signal=INT LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            apt-get -y -q "$@" >>"$apt_scratch/log" 2>&1 && return
        code=$?
        [[ $(tail -c "+$((at + 1))" "$apt_scratch/log") = *'Could not get lock'* ]] || return "$code"
        [ "$SECONDS" -lt $((began + 1800)) ] || return "$code"
        $waiting || say "another apt-get or dpkg is at work; waiting for it"
        waiting=true
        sleep 2
    done
    return 1
}

# What an interrupted dpkg has left stops every apt-get. What another that is at work has not ended yet
# looks the same, so that is waited for.
repair() {
    ! interrupted || apt check || true
    if interrupted; then
        say "an earlier installation was interrupted: repairing it"
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >>"$apt_scratch/log" 2>&1 </dev/null
        apt --fix-broken --no-remove install
    fi
    true
}

interrupted() {
    [ -n "$(find "${DPKG_ADMINDIR:-/var/lib/dpkg}/updates" -name '[0-9]*' -print -quit 2>/dev/null)" ] ||
        [ -n "$(dpkg-query --show --showformat='${db:Status-Abbrev}\n' | grep -E '^(.[UFH]|..R)')" ]
}

interrupt_apt() {
    signal=$1
    touch "$apt_scratch/stop"
    [ ! -t 2 ] || printf '\r\033[K' >&2
    say "interrupted; what apt-get has begun to unpack, it ends first"
    # A Ctrl-C it has heard of, a signal to this shell not. sudo is not ours to send signals.
    # shellcheck disable=SC2046 # several numbers
    [ -z "$apt_job" ] || kill -INT $(cat "/proc/$apt_job/task/$apt_job/children") 2>/dev/null || true
}

# follow: which package apt-get is at, as it writes to its log, until it has ended.
follow() {
    local line every=15 next
    [ ! -t 2 ] || every=1
    next=$((SECONDS + every))
    while kill -0 "$apt_job" 2>/dev/null; do
        sleep 0.2 || true
        if [ "$SECONDS" -lt "$next" ]; then continue; fi
        next=$((SECONDS + every))
        line=$(grep -a -o -E '^(Get:|Unpacking |Setting up |Processing triggers for ).*' "$apt_scratch/log" | tail -n 1) || continue
        line="$((SECONDS / 60)):$(printf %02d $((SECONDS % 60))) ${line:0:68}"
        if [ -t 2 ]; then printf '\r\033[K%s' "$line" >&2; else say "$line"; fi
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
}

# why_not BY_HAND: the cause, as far as it is known, of what apt-get could not do.
why_not() {
    local said
    said=$(grep -a -o -E "Temporary failure resolving [^ ]*|Could not (resolve|connect to) [^ ]*|Network is unreachable" \
        "$apt_scratch/log" | tail -n 1) || true
    if grep -q -a -E 'No space left on device|enough free space' "$apt_scratch/log"; then
        fail "the disk is full; make room (apt-get clean is a beginning), then run it again"
    elif [ -n "$said" ]; then
        fail "apt-get does not reach the package archive ($said); once there is a network, run it again, or: $1"
    fi
    tail -n 20 "$apt_scratch/log" >&2
    fail "apt-get could not install these packages"
}
