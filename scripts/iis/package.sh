#!/usr/bin/env bash
# One zip with all that goes to an IIS: the DLLs of both kinds, the installers and the three steps.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
preset=release
build=true
output=
dry_run=false

usage() {
    cat <<TEXT
usage: scripts/iis/package.sh [options]

Builds, and packs the i686 and x86_64 DLLs, install-iis5.cmd (NT 4.0, 2000), install-iis7.ps1 (IIS 7 to 10) and README.txt into one
zip, in a folder repro-iis. What to do with it is in its README.txt.

  --output FILE   the zip (build/PRESET/repro-iis.zip)
  --preset NAME   build preset ($preset)
  --no-build      take what is built
  --dry-run       only say what would be packed
TEXT
}

fail() {
    echo "package.sh: $1" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --no-build) build=false; shift ;;
        --dry-run) dry_run=true; build=false; shift ;;
        --output | --preset)
            [ $# -ge 2 ] || fail "option '$1' needs a value (see --help)"
            declare "${1#--}=$2"
            shift 2 ;;
        *) fail "unknown option '$1' (see --help)" ;;
    esac
done

tree=$top/build/$preset
output=${output:-$tree/repro-iis.zip}
if $build; then
    "$top/scripts/setup.sh"
    "$top/scripts/build.sh" --preset "$preset"
fi

variants=(thread-per-request thread-pool keep-alive keep-alive-pool synchronous)
scripts=(install-iis5.cmd inetinfo.vbs install-iis7.ps1 README.txt)
if $dry_run; then
    echo "would write $output with, in repro-iis/:"
    printf '  %s\n' "${scripts[@]}" LICENSE.txt {i686,x86_64}/"{$(IFS=,; echo "${variants[*]}")}.dll"
    exit 0
fi

mkdir -p "$(dirname "$output")"
output=$(realpath "$output")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
folder=$scratch/repro-iis
for kind in i686 x86_64; do
    mkdir -p "$folder/$kind"
    for variant in "${variants[@]}"; do
        dll=$tree/windows-$kind/extension/$variant.dll
        [ -e "$dll" ] || fail "'$dll' is not built; run without --no-build"
        cp "$dll" "$folder/$kind/"
    done
done
cp "${scripts[@]/#/$top/scripts/iis/}" "$folder/"
cp "$top/LICENSE" "$folder/LICENSE.txt"
# A clone made before .gitattributes, or a source archive, may have them without.
for script in "${scripts[@]}"; do
    if grep -q -v $'\r$' "$folder/$script"; then fail "scripts/iis/$script has lines without CR LF; check it out anew"; fi
done
rm -f "$output"
(cd "$scratch" && cmake -E tar cf "$output" --format=zip repro-iis)
echo "$output"
