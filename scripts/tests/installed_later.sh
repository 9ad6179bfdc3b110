#!/usr/bin/env bash
# A build folder that was configured while packages were missing, and is configured again when they are
# there: it has the tests that it would have had. The packages are hidden by a mount over /usr.
. "$(dirname "$0")/expect.sh"
. "$scripts/lib/parts.sh"

hidden_in() { mkdir -p "$scratch/over" && unshare --mount bash -c '
    set -e
    mount -t tmpfs over "$1" && mkdir "$1/upper" "$1/work"
    mount -t overlay -o "lowerdir=/usr,upperdir=$1/upper,workdir=$1/work" overlay /usr
    read -r -d "" -a paths <"$2" || true
    for path in "${paths[@]}"; do
        # What is elsewhere is not under the mount: it would be gone for good.
        [[ $path == /usr/* && $path != *..* ]] || { echo "$path is not under /usr"; exit 1; }
        rm -rf "$path"
    done
    shift 2
    "$@"' hidden "$scratch/over" "$scratch/hidden" "$@"; }
: >"$scratch/hidden"
hidden_in true 2>/dev/null || skip 'no mount over /usr can be made here, which takes root'

# A Python of the user's own stays where it is, and out of sight.
export HOME=$scratch
unset PYENV_ROOT
# Where this tree has found them.
found() { sed -n "s/^$1:[^=]*=//p" "$tree/CMakeCache.txt"; }
uring=$(found LOADGEN_LIBURING)
echo "$(found REPRO_doctest_PARENT)/doctest" "$(found doctest_DIR)" "$uring" "${uring%.*}.a" "$(found OPENSSL_SSL_LIBRARY)" \
    "$(found REPRO_i686_COMPILER)" /usr/bin/python3* >"$scratch/hidden"

tests_of() { ctest --test-dir "$1" --show-only --label-exclude '^i686$' | sed -n 's/^ *Test *#[0-9]*: //p' | LC_ALL=C sort; }
missing_in() { missing_parts "$(tests_of "$1")" /dev/null | cut -d ' ' -f 1 | LC_ALL=C sort | paste -s -d ' '; }

# configure [COMMAND...]: all that there is to configure, as build.sh does it, by the command.
build=$scratch/build
configure() {
    "$@" cmake -G Ninja -S "$scripts/.." -B "$build" -DREPRO_BOOST_SOURCES="$scratch/boost-sources" >"$scratch/log" 2>&1 &&
        targets=$("$@" ninja -C "$build" -t targets all | sed -n 's/^\(windows-[a-z0-9_]*-configure\): phony$/\1/p') &&
        "$@" ninja -C "$build" $targets >>"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
}

configure hidden_in
expect_that "these parts are missing at first: $(missing_in "$build")" \
    test "$(missing_in "$build")" = 'https includes io_uring unit-tests uring-server windows-i686 windows-loadgen windows-tests'
cp -r "$(found REPRO_BOOST_SOURCES)" "$scratch/boost-sources" 2>/dev/null
configure
expect_that "in the end these are: $(missing_in "$build")" test "$(missing_in "$build")" = "$(missing_in "$tree")"
expect_that 'and it has all tests' diff <(tests_of "$tree") <(tests_of "$build")
finish
