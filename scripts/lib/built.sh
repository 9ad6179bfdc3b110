# shellcheck shell=bash disable=SC2034
# The programs that a script runs. To be sourced, after options.sh and with its $top, $preset and $build.

# built PURPOSE PROGRAM...: sets up and builds for the purpose (of build.sh's) unless --no-build, sets
# $tree to the build folder, and fails if a program is not in it. The names are relative to $tree.
built() {
    local program purpose=$1 packages=()
    shift
    [ "$purpose" != tests ] || packages=(tests)
    tree=$top/build/$preset
    if $build; then
        "$top/scripts/setup.sh" "${packages[@]}"
        "$top/scripts/build.sh" --preset "$preset" --for "$purpose"
    fi
    for program in "$@"; do
        [ -e "$tree/$program" ] || fail "'$tree/$program' is not built; run without --no-build"
    done
}
