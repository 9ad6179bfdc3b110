#!/usr/bin/env bash
# The first start of Wine in a prefix: what an interrupted one of ours left is made anew, and nobody
# else's file is touched.
. "$(dirname "$0")/expect.sh"

stranger=$scratch/stranger
interrupted=$scratch/interrupted
mkdir "$stranger" "$interrupted"
clean_up() {
    local prefix
    for prefix in "$stranger" "$interrupted"; do WINEPREFIX=$prefix wineserver -k 2>/dev/null; done
    on_exit
}
trap clean_up EXIT

echo mine >"$stranger/file"
expect 0 'first start' env REPRO_WINEPREFIX="$stranger" "$scripts/wine.sh" --first-start
expect_that 'a file that was there stays' grep -q mine "$stranger/file"
expect_that 'the prefix is made' test -e "$stranger/ready"

touch "$interrupted"/{.unfinished,half-a-registry}
expect 0 'first start' env REPRO_WINEPREFIX="$interrupted" "$scripts/wine.sh" --first-start
expect_that 'what an interrupted start left is gone' test ! -e "$interrupted/half-a-registry"
expect_that 'the prefix is made anew' test -e "$interrupted/ready"
expect_that 'and finished' test ! -e "$interrupted/.unfinished"
expect_that 'a second start has nothing to do, and nothing to say' \
    test -z "$(REPRO_WINEPREFIX=$interrupted "$scripts/wine.sh" --first-start 2>&1)"

# Where the heap begins is no matter of luck (see wine.sh): a flag of Linux's <sys/personality.h>.
if setarch --addr-no-randomize true 2>/dev/null; then
    start_server "$scripts/wine.sh" "$tree/windows-x86_64/host/isapi-host.exe" --root "$tree/windows-x86_64/extension" --port 0 \
        2>/dev/null || exit 1
    expect_that 'addresses are not randomized' test $((0x$(<"/proc/$server_pid/personality") & 0x0040000)) -ne 0
    stop_server
fi

# 32-bit Wine is entered by root alone, and says so to others.
ordinary=(setpriv --reuid=65534 --clear-groups)
if [ "$(id -u)" -eq 0 ] && "${ordinary[@]}" test -x "$scripts/wine32.sh" 2>/dev/null; then
    expect_one_line 127 'only root can enter it; use sudo' "${ordinary[@]}" "$scripts/wine32.sh" program.exe
fi
finish
