#!/usr/bin/env bash
# The package that cpack makes, on a system with nothing but what every Debian has: installed with what
# it depends on, tried, removed. It needs root and the mirror that apt uses.
. "$(dirname "$0")/root.sh"

for program in dpkg-shlibdeps file; do
    command -v "$program" >/dev/null || skip "$program is not installed; ./scripts/setup.sh roots installs it"
done
root=$TMPDIR/root
inside=("${in_root[@]}" "$root")

cpack --config "$tree/CPackConfig.cmake" -B "$scratch/package" >"$scratch/log" 2>&1 || give_up 'cpack makes a package'
package=$(echo "$scratch"/package/*.deb)
expect 0 'Package: loadgen' dpkg-deb --info "$package"
expect 0 'libc6 (>= ' dpkg-deb --field "$package" Depends

# A system like this one, from the same mirror.
make_root "$root" "$(. /etc/os-release && echo "$VERSION_CODENAME")"
cp "$package" "$root/tmp/loadgen.deb"

# files: all that there is, but for what apt and dpkg write down.
files() { (cd "$root" && find . -xdev -path ./proc -prune -o -path ./dev -prune -o -path ./var -prune -o -print | LC_ALL=C sort); }
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
