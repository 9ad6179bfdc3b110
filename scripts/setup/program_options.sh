#!/usr/bin/env bash
# The sources of Boost.Program_options, which loadgen for Windows is built with: the rest of Boost
# it uses is headers.
set -euo pipefail

version=1.81
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=$top/build/boost-program-options
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
options "$@" <<'TEXT'
usage: scripts/setup/program_options.sh [--check]

Downloads Debian's source package of Boost 1.81 (74 MB) with apt-get, from where this machine has
its packages. Keeps of it the sources of Boost.Program_options, in build/boost-program-options.
Needs no root, and changes nothing of apt's.

  --check   only say whether they are there; exit code 1 if not
TEXT

[ ! -e "$target/cmdline.cpp" ] || exit 0
if $check; then
    echo "missing: the sources of Boost.Program_options (apt-get source boost$version)"
    exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
give_up() {
    tail -n 5 "$scratch/log" >&2
    echo "program_options.sh: $1, so loadgen for Windows is left out; all else is built" >&2
    exit 1
}

# Where the binary packages come from, the sources are too; the list's format is apt's own affair.
# shellcheck disable=SC2016 # apt-get's variables, not the shell's
apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' 'Component: main' 'Origin: Debian' 2>"$scratch/log" | sort -u >"$scratch/sources.list" ||
    give_up "apt-get does not say where its packages come from"
[ -s "$scratch/sources.list" ] || give_up "apt knows no Debian archive (apt-get update has not been run?)"

echo "program_options.sh: fetching Debian's source package boost$version (74 MB) for Boost.Program_options" >&2
mkdir -p "$scratch/lists/partial" "$scratch/archives/partial" "$scratch/extracted"
apt() {
    apt-get -q -o Dir::Etc::sourcelist="$scratch/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$scratch/lists" -o Dir::Cache::archives="$scratch/archives" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User= "$@" >>"$scratch/log" 2>&1
}
cd "$scratch"
if ! { apt update && apt source --download-only --tar-only "boost$version"; }; then
    give_up "apt-get could not fetch the source package boost$version"
fi
tar --extract --file "$(ls "$scratch"/boost*.orig.tar.*)" --directory "$scratch/extracted" --no-same-owner \
    --wildcards --strip-components 4 '*/libs/program_options/src/*' 2>>"$scratch/log" ||
    give_up "the source package boost$version has no libs/program_options/src"
mkdir -p "$top/build"
mv "$scratch/extracted" "$target"
