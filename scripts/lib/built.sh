# shellcheck shell=bash disable=SC2034
# The programs that a script runs. To be sourced, after options.sh and with its $top, $preset and $build.

# on_windows: this is the bash that comes with Git for Windows. Programs for Windows run there without
# Wine, and loadgen is one. It has no flock, and no setsid.
on_windows() { [[ $(uname -s) = MINGW* || $(uname -s) = MSYS* ]]; }

# built PURPOSE PROGRAM...: sets up and builds for the purpose (of build.sh's) unless --no-build, sets
# $tree to the build folder, and fails if a program is not in it. The names are relative to $tree; of
# loadgen/loadgen the one that runs here is meant, and set as $loadgen. Where the script has an --arch, it
# is build.sh's.
built() {
    local program purpose=$1 packages=()
    shift
    [ "$purpose" != tests ] || packages=(tests)
    [ "${arch-}" != i686 ] || packages+=(i686)
    tree=$top/build/$preset
    loadgen=$tree/loadgen/loadgen
    if on_windows; then
        ! $build || fail "on Windows it only runs what was built elsewhere (--no-build), as .github/workflows/windows.yml does"
        loadgen=$tree/windows-x86_64/loadgen/loadgen.exe
    elif $build; then
        "$top/scripts/setup.sh" "${packages[@]}"
        "$top/scripts/build.sh" --preset "$preset" --for "$purpose" --arch "${arch:-x86_64}"
    fi
    for program in "$@"; do
        program=$tree/$program
        [ "$program" != "$tree/loadgen/loadgen" ] || program=$loadgen
        [ -e "$program" ] || fail "'$program' is not built; run without --no-build"
    done
}

# windows_programs [i686]: sets the arrays that are put before a program for Windows that shall serve:
# `session` gives it one of its own, so that a Ctrl-C is for others, and `wine` runs it. Makes what Wine
# needs at its first start.
windows_programs() {
    session=() wine=()
    if on_windows; then return; fi
    session=(setsid)
    if [ "${1-}" = i686 ]; then wine=("$top/scripts/wine32.sh"); else wine=("$top/scripts/wine.sh"); fi
    "${wine[@]}" --first-start
}
