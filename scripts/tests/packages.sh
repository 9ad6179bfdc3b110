#!/usr/bin/env bash
# What setup.sh would install on each system, by the real apt with a list of packages of that system.
# The names and versions of Ubuntu are from its package lists: nobody has run this project there.
. "$(dirname "$0")/expect.sh"

# system NAME PACKAGE=VERSION[>DEPENDENCY]...: apt knows these packages and no others, dpkg those of
# $has.
system() {
    local folder=$scratch/$1 package
    shift
    mkdir -p "$folder"/{lists/partial,cache/archives/partial,dpkg,etc}
    for package in "$@"; do
        echo "Package: ${package%%=*}"
        echo 'Architecture: all'
        echo "Filename: ./${package%%=*}.deb"
        echo 'Size: 1'
        local version=${package#*=}
        echo "Version: ${version%%>*}"
        [ "$version" = "${version%%>*}" ] || echo "Depends: ${version#*>}"
        echo
    done >"$folder/Packages"
    for package in $has; do
        printf 'Package: %s\nStatus: install ok installed\nArchitecture: all\nMaintainer: x\nDescription: x\nVersion: 1\n\n' "$package"
    done >"$folder/dpkg/status"
    echo "deb [trusted=yes] file:$folder ./" >"$folder/sources.list"
    cat >"$folder/apt.conf" <<CONFIG
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "$folder/etc";
Dir::State::lists "$folder/lists";
Dir::State::status "$folder/dpkg/status";
Dir::Cache "$folder/cache";
APT::Sandbox::User "root";
CONFIG
    export APT_CONFIG=$folder/apt.conf DPKG_ADMINDIR=$folder/dpkg
    apt-get -q update >"$folder/log" 2>&1 || { cat "$folder/log"; failures=$((failures + 1)); }
}
has=''

# chosen GROUP...: what setup.sh would choose, a package a line, on a system without Wine, or with
# that of $wine_here.
chosen() {
    (
        set -euo pipefail
        for part in lib/options lib/find_wine lib/tools setup/apt setup/packages; do
            # shellcheck source=/dev/null
            . "$scripts/$part.sh"
        done
        if [ -n "${wine_here-}" ]; then
            printf '#!/bin/sh\necho "wine-%s (its own)"\n' "$wine_here" >"$scratch/wine"
            chmod +x "$scratch/wine"
        fi
        # shellcheck disable=SC2034,SC2317 # what choose_packages reads and calls
        find_wine() { [ -n "${wine_here-}" ] && wine=$scratch/wine; }
        # shellcheck disable=SC2034
        check=true
        choose_packages "$@"
        printf '%s\n' "${packages[@]}"
    ) >"$scratch/chosen" 2>&1
}
# chooses PACKAGE...: they are all among what chosen printed. Refuses: it ended with that sentence.
chooses() {
    local package
    for package in "$@"; do
        expect_that "$package is chosen, not: $(tr '\n' ' ' <"$scratch/chosen")" grep -q -x -F -- "$package" "$scratch/chosen"
    done
}
refuses() {
    expect_that "'$1', not: $(cat "$scratch/chosen")" grep -q -F -- "$1" "$scratch/chosen"
    expect_that "one line, not: $(cat "$scratch/chosen")" test "$(wc -l <"$scratch/chosen")" -eq 1
}

system debian-12 'libboost-dev=1.74.0.3>libboost1.74-dev' libboost1.74-dev=1.74.0-1 libboost1.81-dev=1.81.0-5 \
    wine=8.0~repack-4 libclang-rt-dev=14.0 linux-image-amd64=6.1 chromium=1
chosen tests fuzz vm pages
chooses libboost1.81-dev libboost-url1.81-dev libboost-program-options1.81-dev wine wine64 libclang-rt-dev \
    linux-image-amd64 chromium

# Its newest Boost is 1.88, its own 1.83.
system debian-13 'libboost-dev=1.83.0.2>libboost1.83-dev' libboost1.83-dev=1.83.0-4 libboost1.88-dev=1.88.0-1 \
    wine=10.0~repack-6 libclang-rt-dev=19.0
chosen
chooses libboost1.83-dev libboost-url1.83-dev wine
# The -dev packages of two versions exclude each other.
has=libboost1.88-dev system debian-13-with-1.88 'libboost-dev=1.83.0.2>libboost1.83-dev' libboost1.83-dev=1.83.0-4 \
    libboost1.88-dev=1.88.0-1 wine=10.0~repack-6
chosen
chooses libboost1.88-dev libboost-url1.88-dev

system ubuntu-24.04 'libboost-dev=1.83.0.1ubuntu2>libboost1.83-dev' libboost1.74-dev=1.74.0-1 libboost1.83-dev=1.83.0-2 \
    wine=9.0~repack-4build3 libclang-rt-18-dev=1:18.1.3 linux-image-generic=6.8
chosen tests fuzz vm pages
chooses libboost1.83-dev libboost-url1.83-dev libclang-rt-18-dev linux-image-generic
expect_that 'no Chromium where there is none' test -z "$(grep -x chromium "$scratch/chosen")"

# A Wine that somebody has built or got elsewhere is taken, if it will do.
wine_here=9.7 chosen
expect_that 'no second Wine' test -z "$(grep wine "$scratch/chosen")"
wine_here=7.9 chosen
refuses 'Wine 7.9 is too old: it does not cancel the calls of a thread that exits, as 7.10 and later do'

system ubuntu-22.04 'libboost-dev=1.74.0.3>libboost1.74-dev' libboost1.74-dev=1.74.0-14 wine=6.0.3~repack-1
chosen
refuses 'this system has no package of Boost 1.81 or later'
system old-wine 'libboost-dev=1.83.0.1>libboost1.83-dev' libboost1.83-dev=1.83.0-2 wine=6.0.3~repack-1
chosen
refuses 'Wine 6.0.3 is too old'
system nothing-known
chosen
refuses 'apt knows no packages; run apt-get update'
finish
