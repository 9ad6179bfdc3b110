# shellcheck shell=bash
# The parts that a whole tree has. To be sourced, after options.sh.
#
# A part is there if a test is whose name matches the pattern. It may be missing if it is switched off by
# this setting of CMake's (the presets asan and tsan do so with the Windows half), or was asked to be.

# NAME PATTERN SETTING what it is; how to get it
parts() {
    cat <<'TEXT'
unit-tests ^loadgen\.accounting$ - the unit tests of loadgen need doctest; ./scripts/setup.sh tests installs it
https ^loadgen\.tls$ LOADGEN_HTTPS loadgen's https needs OpenSSL; ./scripts/setup.sh installs it
io_uring ^loadgen\.ring$ - loadgen's engine io_uring needs liburing; ./scripts/setup.sh installs it
uring-server ^scripts\.uring$ - uring-server needs liburing, CLI11 and fmt; ./scripts/setup.sh installs them
includes ^loadgen\.includes$ - the tests of the includes need Python; ./scripts/setup.sh installs it
windows ^windows-x86_64\.accept_probe$ REPRO_WINDOWS_HALF isapi-host and the DLLs need MinGW for x86_64; ./scripts/setup.sh installs it
windows-tests ^windows-x86_64\.host\. REPRO_WINDOWS_HALF the tests of isapi-host and the DLLs need doctest; ./scripts/setup.sh tests installs it
windows-loadgen ^windows-x86_64\.loadgen\. REPRO_WINDOWS_HALF loadgen for Windows needs the sources of two Boost libraries; ./scripts/setup/boost_sources.sh fetches them
windows-i686 ^windows-i686\.extension\.nt4\. REPRO_WINDOWS_HALF the 32-bit DLLs need MinGW for i686; ./scripts/setup.sh tests installs it
TEXT
}

# missing_parts TESTS CACHE: of the names of all tests, a line each, and the file with CMake's settings, the
# parts that are missing: NAME SETTING what it is; how to get it. The setting is a - unless it switches the
# part off.
missing_parts() {
    local name pattern setting what
    while read -r name pattern setting what; do
        ! grep -q -E -- "$pattern" <<<"$1" || continue
        grep -q -x -e "$setting:BOOL=OFF" "$2" || setting=-
        echo "$name $setting $what"
    done < <(parts)
}
