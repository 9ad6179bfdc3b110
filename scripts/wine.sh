#!/usr/bin/env bash
# Runs a Windows program under Wine, in a prefix of the project's own, made at the first call.
set -euo pipefail

if [ $# -eq 0 ] || [ "$1" = --help ] || [ "$1" = -h ]; then
    cat <<'TEXT'
usage: scripts/wine.sh PROGRAM.exe [ARGUMENT...]
       scripts/wine.sh --first-start

Runs the program under 64-bit Wine in the project's own prefix, build/wine-prefix, or the one that
REPRO_WINEPREFIX names. The user's own prefix is never touched.
--first-start only makes the prefix if there is none, so that a caller can let its user see that.
TEXT
    exit 0
fi

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/find_wine.sh
. "$top/scripts/lib/find_wine.sh"
if ! find_wine; then
    echo "wine.sh: Wine is not installed; run scripts/setup.sh" >&2
    exit 127
fi

# On a kernel that lets a program's heap begin anywhere in the gigabyte above it (Linux 6.18 does), the
# heap of Debian's Wine 8, above 0x7d000000, now and then takes the page 0x7ffe0000, which Wine must have:
# 4 of 15,000 starts of a program failed. Without randomization the heap begins where the program ends.
# A container may forbid that; then it is as it is.
start=("$wine")
if setarch --addr-no-randomize true 2>/dev/null; then start=(setarch --addr-no-randomize "$wine"); fi

export WINEPREFIX=${REPRO_WINEPREFIX:-$top/build/wine-prefix}
export WINEARCH=${REPRO_WINEARCH:-win64} WINEDEBUG=${WINEDEBUG:--all}
# winedbg: a crash shall end with the exception's code, not with a debugger's 0.
export WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe,winedbg.exe='
unset DISPLAY
# Without a locale Wine takes paths for ASCII, and does not find its way in others.
[ "$(locale charmap 2>/dev/null)" != ANSI_X3.4-1968 ] || export LC_ALL=C.UTF-8
# A reader of stderr that leaves, as head does, is no reason to leave the prefix half made.
trap : PIPE
say() { echo "wine.sh: $1" >&2 2>/dev/null || true; }

another='REPRO_WINEPREFIX names another folder'
if [ ! -e "$WINEPREFIX/ready" ]; then
    if ! why=$({ mkdir -p "$WINEPREFIX" && : >>"$WINEPREFIX/.lock"; } 2>&1); then
        say "cannot make Wine's prefix in '$WINEPREFIX' (${why##*: }); $another"
        exit 127
    fi
    # Tests start in parallel, and two wineboots in one prefix break it.
    exec {lock}>"$WINEPREFIX/.lock"
    if ! flock --nonblock "$lock"; then
        say "another first start of Wine makes the prefix; waiting for it"
        flock "$lock"
    fi
    if [ ! -e "$WINEPREFIX/ready" ]; then
        if wine_too_old; then
            say "$(why_wine_is_too_old)"
            exit 127
        fi
        say "Wine's first start makes its prefix: some seconds, on a slow machine a minute"
        # What an interrupted first start of ours left is no prefix. Anything else in the folder is not
        # ours to delete.
        ours=$WINEPREFIX/.unfinished
        others=(find "$WINEPREFIX" -mindepth 1 ! -name .lock ! -path "$ours")
        if [ -e "$ours" ]; then "${others[@]}" -delete; fi
        if [ -z "$("${others[@]}" -print -quit)" ]; then touch "$ours"; fi
        # Wine's server lives on, and would keep the lock.
        if ! "${start[@]}" wineboot --init >"$WINEPREFIX/wineboot.log" 2>&1 {lock}>&-; then
            if [ "$(df --output=avail -k "$WINEPREFIX" | tail -n 1)" -lt 1024 ]; then
                say "the disk is full: make room for Wine's prefix in '$WINEPREFIX' (about 700 MB), or $another"
            else
                say "Wine could not make its prefix; see $WINEPREFIX/wineboot.log"
            fi
            exit 127
        fi
        touch "$WINEPREFIX/ready"
        rm -f "$ours"
    fi
    exec {lock}>&-
fi
if [ ! -O "$WINEPREFIX" ]; then
    say "Wine's prefix '$WINEPREFIX' is another user's, and Wine refuses it; $another"
    exit 127
fi
[ "$1" != --first-start ] || exit 0
# Wine's own services live on for a while, and would keep our stdout open if the program were the
# first to need them. And its server ends some seconds after its last program: one that comes in that
# moment is refused ("recvmsg: Connection reset by peer"). One that has just ended keeps it up.
for _ in 1 2 3; do
    if "${start[@]}" cmd /c exit </dev/null >/dev/null 2>&1; then break; fi
done
exec "${start[@]}" "$@"
