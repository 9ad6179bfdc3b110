#!/usr/bin/env bash
# The package that cpack makes, on a system with nothing but what every Debian has: installed with what
# it depends on, tried, removed. It needs root and the mirror that apt uses.
set -uo pipefail

# In namespaces of its own, so that no mount and no process outlives the test however it ends.
if [ -z "${IN_OWN_NAMESPACE:-}" ]; then
    PATH=$PATH:/usr/sbin:/sbin
    for program in debootstrap dpkg-shlibdeps file; do
        command -v "$program" >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
    done
    unshare --mount --pid --fork --mount-proc true 2>/dev/null ||
        { echo 'skipped: no mount namespace can be made here; are you root?'; exit 77; }
    TMPDIR=$(mktemp -d)
    export TMPDIR IN_OWN_NAMESPACE=1
    unshare --mount --pid --fork --mount-proc --kill-child "$0" "$@" &
    inside=$!
    clean_up() {
        local tries=0
        kill -KILL "$inside" 2>/dev/null # unshare heeds no SIGTERM
        wait "$inside"
        # What is killed with it may take a moment to let go.
        until rm -rf --one-file-system "$TMPDIR" 2>/dev/null || [ $((++tries)) -gt 50 ]; do sleep 0.1; done
    }
    trap clean_up EXIT
    trap 'exit 1' INT TERM HUP
    wait "$inside"
    exit
fi

. "$(dirname "$0")/expect.sh"
root=$TMPDIR/root
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
inside=(env --unset TMPDIR chroot "$root")
give_up() { sed 's/^/    /' "$scratch/log"; echo "FAILED: $1"; exit 1; }

cpack --config "$tree/CPackConfig.cmake" -B "$scratch/package" >"$scratch/log" 2>&1 || give_up 'cpack makes a package'
package=$(echo "$scratch"/package/*.deb)
expect 0 'Package: loadgen' dpkg-deb --info "$package"
expect 0 'libc6 (>= ' dpkg-deb --field "$package" Depends

# A system like this one, from the same mirror.
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
    awk -v suite="$suite" '$1 == suite && $2 == "main" { print $3; exit }')
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$scratch/log" 2>&1 || give_up 'debootstrap makes a root'
for item in sources.list sources.list.d apt.conf.d auth.conf.d keyrings trusted.gpg.d; do
    [ ! -e "/etc/apt/$item" ] || { rm -rf "$root/etc/apt/$item" && cp -a "/etc/apt/$item" "$root/etc/apt/"; }
done
while read -r keyring; do cp --parents "$keyring" "$root"; done < <(
    grep -r -h -o -E '/usr/[^] ]+\.(gpg|asc|pgp)' /etc/apt/sources.list* 2>/dev/null | sort -u)
cp --remove-destination --dereference /etc/resolv.conf "$root/etc/resolv.conf"
cp "$package" "$root/tmp/loadgen.deb"
"${inside[@]}" apt-get -q update >"$scratch/log" 2>&1 || give_up 'apt-get update'

# files: all that there is, but for what apt and dpkg write down.
files() { (cd "$root" && find . -xdev -path ./proc -prune -o -path ./var -prune -o -print | LC_ALL=C sort); }
files >"$scratch/before"
expect_that 'loadgen is not there before' test ! -e "$root/usr/bin/loadgen"
"${inside[@]}" apt-get -q -y install --no-install-recommends /tmp/loadgen.deb >"$scratch/log" 2>&1 || give_up 'it installs'

expect 0 'install ok installed' "${inside[@]}" dpkg-query --show --showformat='${Status}' loadgen
expect 0 'loadgen 0.' "${inside[@]}" loadgen --version
expect 0 '.TH LOADGEN 1' "${inside[@]}" zcat /usr/share/man/man1/loadgen.1.gz
expect 0 'complete -F _loadgen loadgen' "${inside[@]}" bash -c '. /usr/share/bash-completion/completions/loadgen && complete -p loadgen'
expect 0 'Boost Software License' "${inside[@]}" cat /usr/share/doc/loadgen/copyright

# Python's server, outside of the root and on the same loopback.
# shellcheck disable=SC2016
start_server /usr/bin/python3 -I -c '
import http.server, sys, threading
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
print("listening on 127.0.0.1:%d" % server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()' || exit 1
expect 0 'answers   500' "${inside[@]}" loadgen run -c 4 -n 500 --quiet --output /tmp/out --fail-on 'lost>0' "http://$address/"
stop_server
expect_that 'each answer was a good one' test "$(columns "$root/tmp/out/runs.csv" sum http_2xx)" -eq 500
rm -r "$root/tmp/out"

"${inside[@]}" apt-get -q -y purge --auto-remove loadgen >"$scratch/log" 2>&1 || give_up 'it goes'
files >"$scratch/after"
expect_that 'nothing is left' diff "$scratch/before" "$scratch/after"
expect 1 'no packages found' "${inside[@]}" dpkg-query --show loadgen

finish
