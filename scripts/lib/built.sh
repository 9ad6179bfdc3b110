# shellcheck shell=bash disable=SC2034
# The programs that a script runs. To be sourced, after options.sh and with its $top, $preset and $build.

# built PURPOSE PROGRAM...: sets up and builds for the purpose (of build.sh's) unless --no-build, sets
# $tree to the build folder, and fails if a program is not in it. The names are relative to $tree. Where
# the script has an --arch, it is build.sh's.
built() {
    local program purpose=$1 packages=()
    shift
    [ "$purpose" != tests ] || packages=(tests)
    [ "${arch-}" != i686 ] || packages+=(i686)
    tree=$top/build/$preset
    if $build; then
        "$top/scripts/setup.sh" "${packages[@]}"
        "$top/scripts/build.sh" --preset "$preset" --for "$purpose" --arch "${arch:-x86_64}"
    fi
    for program in "$@"; do
        [ -e "$tree/$program" ] || fail "'$tree/$program' is not built; run without --no-build"
    done
}
