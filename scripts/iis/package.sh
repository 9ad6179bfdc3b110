#!/usr/bin/env bash
# One zip with all that goes to an IIS: the DLLs of both kinds, the installers and the three steps.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/variants.sh
. "$top/scripts/lib/variants.sh"
options "$@" <<'TEXT'
usage: scripts/iis/package.sh [OPTION...]

Builds, and packs into one zip, in a folder repro-iis: the DLLs for i686 and x86_64 (the variants,
and conformance.dll for scripts/iis/conformance.sh), install-iis5.cmd (NT 4.0, 2000),
install-iis7.cmd (IIS 7 to 10) and README.txt, which says what to do with it.

  --output FILE   the zip; without it, build/PRESET/repro-iis.zip
  --preset NAME   build preset (release)
  --no-build      take what is built
  --dry-run       only say what would be packed
TEXT

tree=$top/build/$preset
output=${output:-$tree/repro-iis.zip}
if $build && ! $dry_run; then
    "$top/scripts/setup.sh" tests
    "$top/scripts/build.sh" --preset "$preset"
fi

scripts=(install-iis5.cmd inetinfo.vbs install-iis7.cmd README.txt)
if $dry_run; then
    echo "would write $output with, in repro-iis/:"
    printf '  %s\n' "${scripts[@]}" LICENSE.txt {i686,x86_64}/"{$(IFS=,; echo "${variants[*]}"),conformance}.dll"
    exit 0
fi

mkdir -p "$(dirname "$output")"
output=$(realpath "$output")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
folder=$scratch/repro-iis
for kind in i686 x86_64; do
    mkdir -p "$folder/$kind"
    for name in "${variants[@]/#/extension/}" tests/conformance/conformance; do
        dll=$tree/windows-$kind/$name.dll
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
