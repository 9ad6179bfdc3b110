#!/usr/bin/env bash
# Configures and builds a preset, all of it or what a purpose needs; says how far it is.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/build.sh [OPTION...]

  --preset NAME   release, ci, debug, asan, tsan or fuzz (release)
  --for PURPOSE   loadgen: the load generator alone; repro: also isapi-host and the DLLs, what
                  repro.sh runs; uring: also uring-server, what uring.sh runs; tests: everything
                  that there is a compiler for (tests)
  --arch A        x86_64, or i686: which Windows programs the main job is to run, and whether the
                  tests of the 32-bit ones are built, too (x86_64)
TEXT

case $arch in
    x86_64) reproduction='reproduction' ;;
    i686) reproduction='reproduction-i686' ;;
    *) fail "--arch is x86_64 or i686, not '$arch'" ;;
esac
settings=()
case $for in
    loadgen) targets=(--target loadgen) ;;
    repro) targets=(--target "$reproduction") ;;
    uring) targets=(--target loadgen uring-server) ;;
    tests)
        targets=()
        # It stays so in the build folder: without --arch nothing that is there is taken away.
        [ "$arch" != i686 ] || settings=(-DREPRO_RUN_I686=ON)
        ;;
    *) fail "--for is loadgen, repro, uring or tests, not '$for'" ;;
esac

cd "$top"
folder=build/$preset
log=$folder/build.log
full="the disk is full: make room for $folder (about 500 MB), then call it again"
if ! why=$({ mkdir -p "$folder" && : >>"$log"; } 2>&1); then
    [[ $why != *'No space'* ]] || fail "$full"
    fail "cannot write to '$top/$folder' (${why##*: }): copy the tree to where you can, and call it there;\
 --no-build takes what is built"
fi
if [ -t 2 ]; then every=1; else every=15; fi
# A reader of stderr that leaves, as head does, is no reason to leave the build alone or half done.
trap : PIPE
say() { echo "$@" >&2 2>/dev/null || true; }

# Two in one folder break it. The build itself holds the lock, too: it may outlive a killed script.
exec {lock}<"$folder"
if ! flock --nonblock "$lock"; then
    say "build.sh: another build is at work in $folder; waiting for it"
    flock "$lock"
fi
[ -e "$folder/build.ninja" ] || say "building into $folder (log: $log); some minutes the first time"

# A group of its own, so that whatever ends this script ends all of the build, and nothing else. ninja
# then removes what is half made.
export NINJA_STATUS='[%f/%t] '
job=''
stop() {
    trap '' INT TERM HUP
    job=${job:-${!-}} # an interrupt can come between the start and its number
    if [ -n "$job" ]; then
        kill -INT -- "-$job" 2>/dev/null || true
        while kill -0 -- "-$job" 2>/dev/null; do wait "$job" || true; done
    fi
    [ ! -t 2 ] || printf '\r\033[K' >&2
    say "build.sh: stopped; the next call goes on from here"
    exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM
trap 'stop 129' HUP
set -m
{ cmake --preset "$preset" "${settings[@]}" && cmake --build --preset "$preset" "${targets[@]}"; } >"$log" 2>&1 </dev/null &
job=$!
set +m
# say_progress: the last step that ninja has ended; the Windows half has a ninja, and a count, of its own.
say_progress() {
    local line columns
    line=$(tail -c 20000 "$log" | grep -a '^\[[0-9]*/[0-9]*\] ' | tail -n 1) || line='configuring'
    line=${line//CMakeFiles\//}
    line="$((SECONDS / 60)):$(printf %02d $((SECONDS % 60))) ${line/Building CXX object /}"
    [ -t 2 ] || { say "build.sh: $line"; return; }
    read -r _ columns < <(stty size <&2 2>/dev/null) || columns=80
    if [ "${columns:-0}" -lt 20 ]; then columns=80; fi
    printf '\r\033[K%s' "${line:0:columns-1}" >&2
}
next=$every
while kill -0 "$job" 2>/dev/null; do
    if [ "$SECONDS" -ge "$next" ]; then
        say_progress
        next=$((SECONDS + every))
    fi
    sleep 0.2
done
[ ! -t 2 ] || printf '\r\033[K' >&2
if ! wait "$job"; then
    # Its folder, or the compilers' /tmp.
    ! grep -q -a -F 'No space left on device' "$log" || fail "$full"
    if [ "$(df --output=avail -k "$folder" | tail -n 1)" -lt 1024 ]; then fail "$full"; fi
    grep -E -A 5 'error|FAILED|CMake Error' "$log" | head -n 40 >&2
    fail "the build failed; all of it is in $log"
fi
