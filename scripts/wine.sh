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

export WINEPREFIX=${REPRO_WINEPREFIX:-$top/build/wine-prefix}
export WINEARCH=win64 WINEDEBUG=${WINEDEBUG:--all}
# winedbg: a crash shall end with the exception's code, not with a debugger's 0.
export WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe,winedbg.exe='
unset DISPLAY

if [ ! -e "$WINEPREFIX/ready" ]; then
    mkdir -p "$WINEPREFIX"
    # Tests start in parallel, and two wineboots in one prefix break it.
    exec {lock}>"$WINEPREFIX/.lock"
    flock "$lock"
    if [ ! -e "$WINEPREFIX/ready" ]; then
        if wine_too_old; then
            echo "wine.sh: $(why_wine_is_too_old)" >&2
            exit 127
        fi
        echo "wine.sh: Wine's first start makes its prefix: some seconds, on a slow machine a minute" >&2
        # What an interrupted first start of ours left is no prefix. Anything else in the folder is not
        # ours to delete.
        ours=$WINEPREFIX/.unfinished
        others=(find "$WINEPREFIX" -mindepth 1 ! -name .lock ! -path "$ours")
        if [ -e "$ours" ]; then "${others[@]}" -delete; fi
        if [ -z "$("${others[@]}" -print -quit)" ]; then touch "$ours"; fi
        if ! "$wine" wineboot --init >"$WINEPREFIX/wineboot.log" 2>&1; then
            echo "wine.sh: Wine could not make its prefix; see $WINEPREFIX/wineboot.log" >&2
            exit 127
        fi
        touch "$WINEPREFIX/ready"
        rm -f "$ours"
    fi
    exec {lock}>&-
fi
[ "$1" != --first-start ] || exit 0
# Wine's own services live on for a while, and would keep our stdout open if the program were the
# first to need them. And its server ends some seconds after its last program: one that comes in that
# moment is refused ("recvmsg: Connection reset by peer"). One that has just ended keeps it up.
for _ in 1 2 3; do
    if "$wine" cmd /c exit </dev/null >/dev/null 2>&1; then break; fi
done
exec "$wine" "$@"
