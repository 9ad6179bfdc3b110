#!/usr/bin/env bash
# build.sh says how far it is, on a terminal and off it; an interrupt leaves nothing running, and the
# next call works; a second one waits for the first. CMake is a stand-in that hangs in its first step.
. "$(dirname "$0")/expect.sh"

top=$(cd "$scripts/.." && pwd)
preset=stand-in-$$
build=("$scripts/build.sh" --preset "$preset")
export PATH=$scripts/tests/stand-ins/build:$PATH STAND_IN_PID=$scratch/pid
clean_up() {
    [ ! -s "$scratch/pid" ] || kill "$(cat "$scratch/pid")" 2>/dev/null
    rm -rf "$top/build/$preset"
    on_exit
}
trap clean_up EXIT
ended() { ! kill -0 "$(cat "$scratch/pid")" 2>/dev/null; }

set -m # else the shell starts it with SIGINT ignored
"${build[@]}" 2>"$scratch/said" </dev/null &
builder=$!
set +m
until grep -q -F 'x.dir/slow.cpp.o' "$scratch/said"; do
    kill -0 "$builder" || break
    [ "$SECONDS" -lt 100 ] || break
    sleep 0.2
done
expect_that 'a line says how far it is' grep -q -E '^build.sh: 0:[0-9]+ \[1/2\] x.dir/slow.cpp.o$' "$scratch/said"
STAND_IN_PID='' "${build[@]}" 2>"$scratch/second" </dev/null &
second=$!
waiting="another build is at work in build/$preset; waiting for it"
until grep -q "$waiting" "$scratch/second"; do kill -0 "$second" 2>/dev/null || break; done
expect_that 'a second build waits' grep -q "$waiting" "$scratch/second"
expect_that 'and leaves the first alone' kill -0 "$(cat "$scratch/pid")"
kill -INT "$builder"
wait "$builder"
expect_that 'an interrupt is exit code 130' test $? -eq 130
expect_that 'and leaves nothing running' ended
wait "$second"
expect_that 'then the second builds' test $? -eq 0

rm "$scratch/pid"
cat >"$scratch/terminal.py" <<'PYTHON'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
said = b""
try:
    while chunk := os.read(terminal, 4096):
        said += chunk
        if b"slow.cpp.o" in chunk:
            os.write(terminal, b"\x03")
except OSError:
    pass  # the other end is closed
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PYTHON
expect 130 '[1/2] x.dir/slow.cpp.o' /usr/bin/python3 -I "$scratch/terminal.py" "${build[@]}"
expect_that 'Ctrl-C leaves nothing running' ended
unset STAND_IN_PID
expect 0 '' "${build[@]}" --for loadgen
rm -r "${top:?}/build/$preset" # what is built anew has something to say
expect_that 'it builds though nobody reads what it says' \
    bash -c 'exec 3> >(true); wait $!; "$@" 2>&3' shell "${build[@]}" --for loadgen
expect 2 "--for is loadgen, repro, uring or tests" "${build[@]}" --for all
finish
