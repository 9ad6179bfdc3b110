# shellcheck shell=bash disable=SC2034
# Which packages there are to install, by the names that they have on Debian 12 and 13 and on Ubuntu
# 24.04. To be sourced, after find_wine.sh, tools.sh and apt.sh, with $check of setup.sh. What is
# installed needs no question to apt, so a machine without apt's lists is as good as another.

# choose_packages GROUP...: sets $packages to what the main job and the groups of setup.sh's usage need.
choose_packages() {
    local group
    choose_boost
    packages=(
        ca-certificates cmake ninja-build g++                    # the native build
        "libboost$boost-dev" "libboost-program-options$boost-dev" "libboost-url$boost-dev"
        libfmt-dev libspdlog-dev libssl-dev liburing-dev libcli11-dev
        g++-mingw-w64-x86-64-posix                               # the Windows half
        python3                                                  # diagnose.sh
    )
    choose_wine
    for group in "$@"; do
        case $group in
            tests)
                packages+=(
                    git doctest-dev
                    g++-mingw-w64-i686-posix                     # what IIS 4 and 5 load
                    xz-utils                                     # unpacks Boost's sources
                    iproute2 tcpdump util-linux                  # tests in a network namespace
                    groff-base                                   # the test of the manual page
                    parallel                                     # fleet.sh
                    python3-yaml libxml2-utils                   # the tests of manifests and reports
                )
                ;;
            i686) packages+=(g++-mingw-w64-i686-posix debootstrap) ;;
            peers) packages+=("${package_of[@]}") ;;
            bench) packages+=("${package_of[wrk]}" "${package_of[ab]}" "${package_of[hey]}" "${package_of[h2load]}" nginx-light) ;;
            lint) packages+=(clang-format clang-tidy shellcheck) ;;
            pages)
                # Ubuntu's is a snap, which selenium's driver does not find.
                if has_package chromium || { know_packages && offered chromium; }; then
                    packages+=(chromium chromium-driver python3-selenium fonts-dejavu-core)
                else
                    echo "setup.sh: this system has no package of Chromium: the test of the HTML report is skipped" >&2
                fi
                ;;
            readers)
                packages+=(python3-junitparser)
                command -v npm >/dev/null || packages+=(nodejs npm)
                ;;
            roots) packages+=(debootstrap buildah podman runc dpkg-dev file) ;;
            fuzz)
                packages+=(clang)
                add_one_of libclang-rt-dev libclang-rt-18-dev
                ;;
            vm)
                packages+=(qemu-system-x86 qemu-utils busybox-static kmod)
                add_one_of linux-image-amd64 linux-image-generic
                ;;
        esac
    done
}

# know_packages: a container's image comes without apt's lists.
know_packages() {
    if [ -n "$(apt-cache pkgnames libboost 2>/dev/null | head -n 1)" ]; then return; fi
    ! $check || fail "apt knows no packages; run apt-get update" 1
    apt_install
}

has_package() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# offered PACKAGE: apt could install it.
offered() { [[ $(apt-cache policy "$1" 2>/dev/null) = *'  Candidate: '[!\(]* ]]; }

# add_one_of PACKAGE...: the first that is installed or else could be. Where there is none of them,
# apt-get is to say so of the first.
add_one_of() {
    local package
    for package in "$@"; do
        if has_package "$package"; then
            packages+=("$package")
            return
        fi
    done
    know_packages
    for package in "$@"; do
        if offered "$package"; then
            packages+=("$package")
            return
        fi
    done
    packages+=("$1")
}

# not_older VERSION THAN
not_older() { dpkg --compare-versions "$1" ge "$2"; }

# choose_boost: sets $boost to the version to build with, such as 1.83. What is installed goes first,
# since the -dev packages of two versions exclude each other; then the system's own choice; then the
# newest.
choose_boost() {
    local pattern='s/^libboost\(1\.[0-9]*\)-dev$/\1/p'
    local -a candidates
    mapfile -t candidates < <(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' 'libboost1.*-dev' 2>/dev/null |
        sed -n 's/^installed //p' | sed -n "$pattern")
    if ! newest_of "${candidates[@]}"; then
        know_packages
        mapfile -t candidates < <(apt-cache depends libboost-dev 2>/dev/null | sed -n 's/^ *Depends: //p' | sed -n "$pattern")
        if ! newest_of "${candidates[@]}"; then
            mapfile -t candidates < <(apt-cache pkgnames libboost1. | sed -n "$pattern")
            newest_of "${candidates[@]}" ||
                fail 'this system has no package of Boost 1.81 or later; .github/CONTRIBUTING.md says what to install by hand'
        fi
    fi
}

# newest_of VERSION...: sets $boost to the newest that will do: Boost.URL came with 1.81.
newest_of() {
    boost=$(printf '%s\n' "$@" | sort -V | tail -n 1)
    [ -n "$boost" ] && not_older "$boost" 1.81
}

# choose_wine: the system's Wine, unless there is one already, wherever it is from.
choose_wine() {
    if ! find_wine; then
        packages+=(wine wine64)
        know_packages
        wine_version=$(apt-cache policy wine | sed -n 's/^  Candidate: \([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p')
        # Without a candidate apt-get is to say so.
        [ -n "$wine_version" ] || return 0
    elif ! wine_too_old; then
        return
    fi
    not_older "$wine_version" "$wine_needed" ||
        fail "$(why_wine_is_too_old); install a newer one, by this system's or by WineHQ's packages"
}
