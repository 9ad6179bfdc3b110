#!/usr/bin/env bash
# The sources of the two Boost libraries that loadgen for Windows is built with. The rest of Boost it
# uses is headers.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=$top/build/boost-sources
for part in lib/options lib/find_wine lib/tools setup/apt setup/packages; do
    # shellcheck source=/dev/null
    . "$top/scripts/$part.sh"
done
options "$@" <<'TEXT'
usage: scripts/setup/boost_sources.sh [--check]

Downloads the source package of the Boost that setup.sh installs (75 MB) with apt-get, from where
this machine has its packages. Keeps of it the sources of Boost.Program_options and Boost.URL, in
build/boost-sources. Needs no root, and changes nothing of apt's.

  --check   only say whether they are there; exit code 1 if not
TEXT

choose_boost
# Sources and headers of two versions don't fit.
[ "$(cat "$target/version" 2>/dev/null)" != "$boost" ] || exit 0
if $check; then
    echo "missing: the sources of Boost.Program_options and Boost.URL (scripts/setup/boost_sources.sh)"
    exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
give_up() {
    tail -n 5 "$scratch/log" >&2
    echo "boost_sources.sh: $1, so loadgen for Windows is left out; all else is built" >&2
    exit 1
}

# Where the binary packages come from, the sources are too; the list's format is apt's own affair.
for origin in Debian Ubuntu; do
    # shellcheck disable=SC2016 # apt-get's variables, not the shell's
    apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Component: main' "Origin: $origin" 2>>"$scratch/log" ||
        give_up "apt-get does not say where its packages come from"
done | sort -u >"$scratch/sources.list"
[ -s "$scratch/sources.list" ] || give_up "apt knows no archive of Debian or Ubuntu (apt-get update has not been run?)"

echo "boost_sources.sh: fetching the source package boost$boost (75 MB)" >&2
mkdir -p "$scratch/lists/partial" "$scratch/archives/partial" "$scratch/extracted"
sources() {
    apt-get -q -o Dir::Etc::sourcelist="$scratch/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$scratch/lists" -o Dir::Cache::archives="$scratch/archives" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User= "$@" >>"$scratch/log" 2>&1
}
cd "$scratch"
if ! { sources update && sources source --download-only --tar-only "boost$boost"; }; then
    give_up "apt-get could not fetch the source package boost$boost"
fi
# The depth of libs/ differs between the packages.
tar --extract --file "$(ls "$scratch"/boost*.orig.tar.*)" --directory "$scratch/extracted" --no-same-owner \
    --wildcards '*/libs/program_options/src/*' '*/libs/url/src/*' 2>>"$scratch/log" ||
    give_up "the source package boost$boost has no sources of Boost.Program_options and Boost.URL"
libs=$(find "$scratch/extracted" -maxdepth 2 -type d -name libs)
rm -rf "$target"
mkdir -p "$target"
mv "$libs/program_options/src" "$target/program_options"
mv "$libs/url/src" "$target/url"
echo "$boost" >"$target/version"
