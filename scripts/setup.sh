#!/usr/bin/env bash
# Gets what the build and the tests need on Debian 12, and says so first. Does nothing when all is
# there.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/tools.sh
. "$top/scripts/lib/tools.sh"
options "$@" <<'TEXT'
usage: scripts/setup.sh [--check] [tests] [peers] [bench] [fuzz] [lint] [pages] [vm]

Installs the Debian packages that the reproduction and its build need, as root or with sudo.

  --check   only say what is missing; exit code 1 if something is

  tests     also what the tests and the rest of the tree need: the compiler for 32-bit DLLs, and the
            sources of Boost.Program_options, which loadgen for Windows is built with
            (scripts/setup/program_options.sh)
  peers     also the other load generators, for scripts/peers.sh
  bench     also most of these and nginx, for scripts/bench.sh; Debian starts nginx on port 80
  fuzz      also Clang and its fuzzer, for scripts/fuzz.sh
  lint      also clang-format, clang-tidy and shellcheck, for scripts/lint.sh
  pages     also Chromium and Selenium, for the test of the HTML report; it is skipped without
  vm        also QEMU and a DHCP server (busybox), for scripts/iis/vm.sh, and a kernel in /boot,
            which its test boots
TEXT

packages=(
    ca-certificates cmake ninja-build g++                        # the native build
    libboost1.81-dev libboost-program-options1.81-dev            # Beast, Asio, Math, Program_options
    libfmt-dev libspdlog-dev libssl-dev liburing-dev libcli11-dev
    g++-mingw-w64-x86-64-posix                                   # the Windows half
    wine wine64                                                  # runs it
    python3                                                      # diagnose.sh
)
packages_of_tests=(
    git doctest-dev
    g++-mingw-w64-i686-posix                                     # what IIS 4 and 5 load
    xz-utils                                                     # unpacks the sources of Boost.Program_options
    iproute2 tcpdump util-linux                                  # tests in a network namespace
    groff-base                                                   # the test of the manual page
    parallel                                                     # fleet.sh
    python3-yaml libxml2-utils                                   # the tests of manifests and reports
)

for group in "${rest[@]}"; do
    case $group in
        tests) packages+=("${packages_of_tests[@]}") ;;
        peers) packages+=("${package_of[@]}") ;;
        bench) packages+=("${package_of[wrk]}" "${package_of[ab]}" "${package_of[hey]}" "${package_of[h2load]}" nginx-light) ;;
        lint) packages+=(clang-format clang-tidy shellcheck) ;;
        pages) packages+=(chromium chromium-driver python3-selenium fonts-dejavu-core) ;;
        fuzz) packages+=(clang libclang-rt-14-dev) ;;
        vm) packages+=(qemu-system-x86 qemu-utils busybox-static kmod linux-image-amd64) ;;
    esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this is not a Debian system; install the equivalents of: ${packages[*]}"
fi

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) || state=absent
    [ "$state" = installed ] || missing+=("$package")
done
# What it cannot fetch, only loadgen for Windows is built without.
program_options() { [[ " ${rest[*]} " != *' tests '* ]] || "$top/scripts/setup/program_options.sh" "$@"; }
if $check; then
    code=0
    [ ${#missing[@]} -eq 0 ] || { echo "missing: ${missing[*]}"; code=1; }
    program_options --check || code=1
    exit $code
fi
if [ ${#missing[@]} -eq 0 ]; then
    program_options || true
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "not root and no sudo; as root, run: apt-get install ${missing[*]}"
    as_root=(sudo)
fi

echo "setup.sh: installing with apt-get: ${missing[*]}" >&2
log=$(mktemp)
watcher=''
clean_up() {
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true
    rm -f "$log"
}
trap clean_up EXIT
# say_packages: which package apt-get is at, as it is written to the log.
say_packages() {
    local line every=15 next
    [ ! -t 2 ] || every=1
    next=$every
    while sleep 1; do
        if [ "$SECONDS" -lt "$next" ]; then continue; fi
        next=$((SECONDS + every))
        line=$(grep -a -o -E '^(Get:|Unpacking |Setting up |Processing triggers for ).*' "$log" | tail -n 1) || continue
        line="$((SECONDS / 60)):$(printf %02d $((SECONDS % 60))) ${line:0:68}"
        if [ -t 2 ]; then printf '\r\033[K%s' "$line" >&2; else echo "setup.sh: $line" >&2; fi
    done
}
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@" >>"$log" 2>&1; }
say_packages &
watcher=$!
code=0
{ apt update && apt install --no-install-recommends "${missing[@]}"; } || code=$?
kill "$watcher" && wait "$watcher" 2>/dev/null || true
watcher=''
[ ! -t 2 ] || printf '\r\033[K' >&2
if [ "$code" -ne 0 ]; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install these packages"
fi
program_options || true
