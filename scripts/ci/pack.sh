#!/usr/bin/env bash
# What a Windows needs to run the tests of .github/workflows/windows.yml, in one folder.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/options.sh
. "$top/scripts/lib/options.sh"
# shellcheck source=scripts/lib/variants.sh
. "$top/scripts/lib/variants.sh"
options "$@" <<'TEXT'
usage: scripts/ci/pack.sh --output DIR [--preset NAME]

Copies what MinGW has built into a folder, as it lies in build/PRESET: isapi-host.exe, the DLLs,
conformance.dll and accept-probe.exe for both architectures, loadgen.exe, and the package that
scripts/iis/package.sh makes. What is not built is named.

  --output DIR    the folder
  --preset NAME   build preset (release)
TEXT
[ -n "$output" ] || fail "--output DIR is missing (see --help)"

tree=$top/build/$preset
files=(windows-x86_64/loadgen/loadgen.exe)
for architecture in x86_64 i686; do
    for file in host/isapi-host.exe tests/accept_probe/accept-probe.exe tests/conformance/conformance.dll \
        "${variants[@]/%/.dll}"; do
        [[ $file = */* ]] || file=extension/$file
        files+=("windows-$architecture/$file")
    done
done
for file in "${files[@]}"; do
    [ -e "$tree/$file" ] || fail "'$tree/$file' is not built" 1
done
for file in "${files[@]}"; do
    mkdir -p "$output/$(dirname "$file")"
    cp "$tree/$file" "$output/$file"
done
"$top/scripts/iis/package.sh" --no-build --preset "$preset" --output "$output/repro-iis.zip"
