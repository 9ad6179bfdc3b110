#!/usr/bin/env bash
# Gets what the build and the tests need on Debian 12 and 13 and on Ubuntu 24.04, and says so first.
# Does nothing when all is there.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/find_wine.sh
. "$top/scripts/lib/find_wine.sh"
# shellcheck source=scripts/lib/tools.sh
. "$top/scripts/lib/tools.sh"
# shellcheck source=scripts/setup/apt.sh
. "$top/scripts/setup/apt.sh"
# shellcheck source=scripts/setup/packages.sh
. "$top/scripts/setup/packages.sh"
options "$@" <<'TEXT'
usage: scripts/setup.sh [--check] [tests] [i686] [peers] [bench] [fuzz] [lint] [pages] [readers] [vm] [roots]

Installs the packages of Debian or Ubuntu that the reproduction and its build need, as root or with
sudo.

  --check   only say what is missing; exit code 1 if something is

  tests     also what the tests and the rest of the tree need: the compiler for 32-bit DLLs, and the
            sources of the two Boost libraries that loadgen for Windows is built with
            (scripts/setup/boost_sources.sh)
  i686      also debootstrap and the compiler for 32-bit programs, for scripts/repro.sh --arch i686
            and scripts/test.sh --i686
  peers     also the other load generators, for scripts/peers.sh
  bench     also most of these and nginx, for scripts/bench.sh; Debian starts nginx on port 80
  fuzz      also Clang and its fuzzer, for scripts/fuzz.sh
  lint      also clang-format, clang-tidy and shellcheck, for scripts/lint.sh
  pages     also Chromium and Selenium, for the test of the HTML report; it is skipped without
  readers   also three readers of JUnit files, two of them with npm (scripts/setup/junit_readers.sh), for
            the test of what they make of ours; it is skipped without
  vm        also QEMU and a DHCP server (busybox), for scripts/iis/vm.sh, and a kernel in /boot,
            which its test boots
  roots     also debootstrap and podman, for the long tests in other systems and in a container
TEXT

for tool in dpkg-query apt-get apt-cache; do
    command -v "$tool" >/dev/null ||
        fail "this is neither Debian nor Ubuntu; .github/CONTRIBUTING.md says what to install by hand"
done

choose_packages "${rest[@]}"
missing=()
for package in "${packages[@]}"; do
    has_package "$package" || missing+=("$package")
done
# What it cannot fetch, only loadgen for Windows is built without.
boost_sources() { [[ " ${rest[*]} " != *' tests '* ]] || "$top/scripts/setup/boost_sources.sh" "$@"; }
junit_readers() { [[ " ${rest[*]} " != *' readers '* ]] || "$top/scripts/setup/junit_readers.sh" "$@"; }
if $check; then
    code=0
    [ ${#missing[@]} -eq 0 ] || { echo "missing: ${missing[*]}"; code=1; }
    boost_sources --check || code=1
    junit_readers --check || code=1
    exit $code
fi
[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
boost_sources || true
junit_readers || true
