#!/usr/bin/env bash
# Set-up and build where they cannot do their work: without root and sudo, without a network, on a full
# disk, beside another apt-get; and a Ctrl-C. Each ends with a sentence, and with nothing left running.
# apt-get is the real one, in folders of its own, where a package is missing that it could not install.
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/private.sh"
command -v apt-get >/dev/null || skip 'this is not a Debian system'

top=$(cd "$scripts/.." && pwd)
chmod 755 "$scratch"
mkdir -p "$scratch"/apt/{lists,archives}/partial "$scratch/dpkg/updates"
ln -s /var/lib/dpkg/info "$scratch/dpkg/info"
# By name, version and nothing else: what another apt-get is just doing on this machine is not in it.
dpkg-query --show --showformat='${binary:Package} ${Version}\n' | awk -v RS='\n' '{ sub(/:.*/, "", $1) }
    $2 != "" && $1 != "ninja-build" && !seen[$1]++ {
        printf "Package: %s\nStatus: install ok installed\nArchitecture: all\nMaintainer: x\nDescription: x\nVersion: %s\n\n", $1, $2
    }' >"$scratch/dpkg/status"
cat >"$scratch/apt.conf" <<TEXT
Dir::State::status "$scratch/dpkg/status";
Dir::State::lists "$scratch/apt/lists";
Dir::Cache::archives "$scratch/apt/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Bin::dpkg "/bin/false";
APT::Sandbox::User "root";
Acquire::Retries "0";
TEXT
mkdir "$scratch/tmp"
marked+=("TMPDIR=$scratch/tmp" "APT_CONFIG=$scratch/apt.conf" "DPKG_ADMINDIR=$scratch/dpkg")
setup=("${marked[@]}" "$scripts/setup.sh")
# ends CODE SENTENCE COMMAND...: what is said is what it installs, and the sentence.
ends() {
    expect "$@"
    expect_that "one sentence beside what it installs: $2" test "$(grep -c '^setup.sh: ' "$scratch/output")" -eq 2
    expect_that "and nothing else: $2" test "$(wc -l <"$scratch/output")" -eq 2
}
expect 1 'missing: ninja-build' "${setup[@]}" --check

: 'neither root nor sudo'
mkdir "$scratch/bin"
ln -s -t "$scratch/bin" /usr/bin/* /usr/sbin/* 2>/dev/null
rm -f "$scratch/bin/sudo"
if "${ordinary[@]}" test -x "$scripts/setup.sh" 2>/dev/null; then
    expect_one_line 2 'not root and no sudo; as root, run: apt-get update && apt-get install --no-install-recommends ninja-build' \
        "${ordinary[@]}" env "PATH=$scratch/bin" "${setup[@]}"
    nothing_left 'no root'
else
    echo 'skipped: no ordinary user can reach this checkout'
fi

: 'no network'
ends 2 'apt-get does not reach the package archive (' "${privately[@]}" "${setup[@]}"
nothing_left 'no network'

: 'a full disk'
expect_one_line 2 "cannot write to /dev/full (is its disk full?)" "${privately[@]}" "${marked[@]}" TMPDIR=/dev/full "$scripts/setup.sh"
if cp -r /var/lib/apt/lists/*_* "$scratch/apt/lists/" 2>/dev/null && "${marked[@]}" apt-cache show ninja-build >/dev/null 2>&1; then
    mkdir -p "$scratch/small"
    # shellcheck disable=SC2016 # expanded by the inner shell
    ends 2 'the disk is full; make room' "${privately[@]}" on_disk 32k "$scratch/apt/archives" \
        bash -c 'mkdir "$0/partial" && exec "$@"' "$scratch/apt/archives" "${setup[@]}"
fi

: 'another apt-get, which updates its lists, or is in the midst of its dpkg'
cat >"$scratch/holds.py" <<'PYTHON'
import fcntl, sys
lock = open(sys.argv[1], "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
PYTHON
# waits_for LOCK BEGIN END: setup.sh does, until it is let go; the functions are what its holder does.
waits_for() {
    coproc HOLDER { exec /usr/bin/python3 -I "$scratch/holds.py" "$1"; }
    read -r -u "${HOLDER[0]}" _
    "$2"
    "${privately[@]}" "${setup[@]}" 2>"$scratch/said" </dev/null &
    is_said 'another apt-get or dpkg is at work; waiting for it' "$scratch/said" $!
    "$3"
    eval "exec ${HOLDER[1]}>&-"
    wait $!
    expect_that 'it waits for the other, and then goes on' grep -q 'does not reach the package archive' "$scratch/said"
    expect_that 'what the other has not ended is no accident' test "$(grep -c interrupted "$scratch/said")" -eq 0
    nothing_left "another that holds $1"
}
waits_for "$scratch/apt/lists/lock" true true
begin_dpkg() {
    touch "$scratch/dpkg/updates/0001"
    sed -i '0,/ok installed/s//ok half-configured/' "$scratch/dpkg/status"
}
end_dpkg() {
    sed -i 's/ok half-configured/ok installed/' "$scratch/dpkg/status"
    rm "$scratch/dpkg/updates/0001"
}
waits_for "$scratch/dpkg/lock-frontend" begin_dpkg end_dpkg

: 'Ctrl-C while apt-get waits for a server that does not answer'
cat >"$scratch/terminal.py" <<'PYTHON'
import os, pty, socket, sys
server = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[1], "w") as sources:
    sources.write("deb [trusted=yes] http://127.0.0.1:%d/ none main\n" % server.getsockname()[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
client, _ = server.accept()
os.write(terminal, b"\x03")
said = b""
try:
    while chunk := os.read(terminal, 4096):
        said += chunk
except OSError:
    pass  # the other end is closed
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PYTHON
cat >>"$scratch/apt.conf" <<TEXT
Dir::Etc::sourcelist "$scratch/sources.list";
Dir::Etc::sourceparts "/dev/null";
Acquire::http::Proxy "DIRECT";
TEXT
expect 130 'setup.sh: stopped; the next call goes on from here' \
    "${privately[@]}" /usr/bin/python3 -I "$scratch/terminal.py" "$scratch/sources.list" "${setup[@]}"
nothing_left 'Ctrl-C'
expect_that 'no temporary folder is left' test -z "$(find "$scratch/tmp" -mindepth 1 2>/dev/null)"

: 'a build on a full disk'
copy="$scratch/Prüf stand ß"
mkdir "$copy"
tar --create --directory "$top" --exclude ./build --exclude './results/2*' --exclude ./.git . | tar --extract --directory "$copy"
mkdir -p "$copy/build/release"
expect 2 'build.sh: the disk is full: make room for build/release' \
    "${privately[@]}" on_disk 300k "$copy/build/release" "${marked[@]}" "$copy/scripts/build.sh" --for loadgen
nothing_left 'a build on a full disk'
finish
