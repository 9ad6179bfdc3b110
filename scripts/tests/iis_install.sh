#!/usr/bin/env bash
# The package for a real IIS, and install-iis5.cmd under Wine's cmd and cscript, with a recording
# stand-in for adsutil.vbs: exactly the documented commands in order, and a metabase that is as
# before once they are undone.
. "$(dirname "$0")/expect.sh"

expect 0 'repro-iis.zip' "$scripts/iis/package.sh" --no-build --preset "$(basename "$tree")" --output "$scratch/repro-iis.zip"
(cd "$scratch" && cmake -E tar xf repro-iis.zip)
package=$scratch/repro-iis
# shellcheck source=scripts/lib/variants.sh
. "$scripts/lib/variants.sh"
expect_that 'the list of variants is that of the DLLs' diff <(printf '%s.dll\n' "${variants[@]}" | sort) \
    <(cd "$tree/windows-x86_64/extension" && printf '%s\n' *.dll | sort)
for dll in "${variants[@]}"; do
    for kind in i686 x86_64; do
        expect_that "$kind/$dll.dll is packed" cmp "$tree/windows-$kind/extension/$dll.dll" "$package/$kind/$dll.dll"
    done
done
for kind in i686 x86_64; do
    expect_that "$kind/conformance.dll is packed" \
        cmp "$tree/windows-$kind/tests/conformance/conformance.dll" "$package/$kind/conformance.dll"
done
for text in install-iis5.cmd inetinfo.vbs install-iis7.cmd README.txt; do
    expect_that "$text has CR LF throughout" test "$(grep -c $'\r$' "$package/$text")" -eq "$(wc -l <"$package/$text")"
done
expect 0 'install-iis7.cmd' "$scripts/iis/package.sh" --dry-run
expect_one_line 2 'is not built' "$scripts/iis/package.sh" --no-build --preset none

# A server as the installer looks for it. The registry is a second stand-in, since Wine's cscript
# cannot delete from it.
drive=$scratch/drive
adsutil=$drive/Inetpub/AdminScripts
mkdir -p "$adsutil" "$drive/winnt/system32" "$scratch/bin"
cp "$scripts/tests/iis/metabase.vbs" "$adsutil/adsutil.vbs"
cp "$package/inetinfo.vbs" "$scratch/inetinfo.vbs"
cp "$scripts/tests/iis/metabase.vbs" "$package/inetinfo.vbs"
printf '%s\r\n' 'w3svc/1=(NODE) IIsWebServer' 'w3svc/1/root=(NODE) IIsWebVirtualDir' 'w3svc/1/root/other=(NODE) IIsWebVirtualDir' \
    'w3svc/1/root/other/Path=(STRING) "C:\a b"' 'w3svc/1/ServerListenBacklog=(INTEGER) 40' >"$scratch/metabase-before"
for service in net iisreset; do
    # The commands of a restart go where the others are recorded, so that their order shows.
    printf '@echo %s %%*>>"%%COMMANDS%%"\r\n' "$service" >"$scratch/bin/$service.cmd"
done
windows() { echo "Z:${1//\//\\}"; }
printf '%s\r\n' '@echo off' "set SystemDrive=$(windows "$drive")" "set SystemRoot=$(windows "$drive/winnt")" \
    "set PATH=$(windows "$scratch/bin");%PATH%" "set COMMANDS=$(windows "$adsutil/commands.txt")" 'call install-iis5.cmd %*' >"$package/run.cmd"
installer=(env -C "$package" "$scripts/wine.sh" cmd /c run.cmd)

begin_anew() {
    rm -f "$adsutil"/{commands,fail}.txt "$package"/{commands,fail,metabase}.txt
    cp "$scratch/metabase-before" "$adsutil/metabase.txt"
}

# recorded WHAT LINE...: these commands have been run, no others, in this order; those that only ask
# aside.
recorded() {
    local what=$1
    shift
    printf '%s\n' "$@" >"$scratch/expected"
    tr -d '\r' <"$adsutil/commands.txt" | sed 's/ *$//' | grep -v ' GET ' >"$scratch/recorded"
    expect_that "$what" diff "$scratch/expected" "$scratch/recorded"
    : >"$adsutil/commands.txt"
}
as_before() { expect_that "$1: the metabase is as before" diff "$scratch/metabase-before" "$adsutil/metabase.txt"; }

directory=w3svc/1/root/repro
installed=("adsutil.vbs CREATE $directory IIsWebVirtualDir" "adsutil.vbs SET $directory/Path $(windows "$package/i686")"
    "adsutil.vbs SET $directory/AccessExecute TRUE" "adsutil.vbs APPCREATEINPROC $directory" "adsutil.vbs SET $directory/CacheISAPI TRUE")
undone=("adsutil.vbs APPDELETE $directory" "adsutil.vbs DELETE $directory")
restart=('net stop iisadmin /y' 'net start w3svc')

begin_anew
expect 0 'installed: http://SERVER/repro/thread-per-request.dll' "${installer[@]}"
recorded 'the documented commands, in order' "${installed[@]}" "${restart[@]}"
expect_that 'the registry is left alone' test ! -e "$package/commands.txt"
expect 1 'installed already' "${installer[@]}"
expect 0 'removed' "${installer[@]}" remove
recorded 'each is undone, in reverse' "${undone[@]}" "${restart[@]}"
as_before 'remove'
expect 1 'nothing to remove' "${installer[@]}" remove

# Windows 2000, which has iisreset; both settings, of which the metabase has one and the registry
# has none.
touch "$drive/winnt/system32/iisreset.exe"
expect 0 'installed' "${installer[@]}" --accept-outstanding 4 --listen-backlog 7
recorded 'the listen backlog too' "${installed[@]}" 'adsutil.vbs SET w3svc/1/ServerListenBacklog 7' iisreset
expect 0 'removed' "${installer[@]}" remove
recorded 'the listen backlog is put back' 'adsutil.vbs SET w3svc/1/ServerListenBacklog 40' "${undone[@]}" iisreset
as_before 'remove with the settings'
expect_that 'AcceptExOutstanding was asked for, set, and deleted' diff <(tr -d '\r' <"$package/commands.txt") <(printf '%s\n' \
    'inetinfo.vbs GET AcceptExOutstanding' 'inetinfo.vbs SET AcceptExOutstanding 4' 'inetinfo.vbs DELETE AcceptExOutstanding')

# The other way round: the registry has a value, the metabase has none.
begin_anew
printf 'AcceptExOutstanding=(INTEGER) 20\r\n' >"$package/metabase.txt"
sed -i '/ServerListenBacklog/d' "$adsutil/metabase.txt"
expect 0 'installed' "${installer[@]}" --accept-outstanding 4 --listen-backlog 7
expect_that 'AcceptExOutstanding is set' grep -q '=(INTEGER) 4' "$package/metabase.txt"
expect 0 'removed' "${installer[@]}" remove
expect_that 'AcceptExOutstanding is put back' grep -q '=(INTEGER) 20' "$package/metabase.txt"
expect_that 'the listen backlog is deleted again' diff <(grep -v ServerListenBacklog "$scratch/metabase-before") "$adsutil/metabase.txt"

# A step that fails is undone with those before it; what cannot be undone stays written down.
begin_anew
printf 'CacheISAPI\r\n' >"$adsutil/fail.txt"
expect 1 'this failed: cscript //nologo' "${installer[@]}"
recorded 'what was done is undone' "${installed[@]}" "${undone[@]}" iisreset
as_before 'a failed installation'
begin_anew
expect 0 'installed' "${installer[@]}"
printf 'APPDELETE\r\n' >"$adsutil/fail.txt"
expect 1 'not everything could be undone' "${installer[@]}" remove
expect_that 'what was installed is still known' test -e "$package/installed.cmd"
rm "$adsutil/fail.txt" "$package/installed.cmd"

begin_anew
expect 0 "APPCREATEINPROC $directory" "${installer[@]}" --dry-run --accept-outstanding 4
expect_that 'a dry run runs nothing' test ! -e "$adsutil/commands.txt"
expect 1 'w3svc/1/root/other is in use already' "${installer[@]}" --name other
expect 1 "takes a whole number from 5 on, not '4'" "${installer[@]}" --listen-backlog 4
expect 1 "takes a whole number from 1 on, not '4x'" "${installer[@]}" --site 4x --listen-backlog 7
expect 1 "unknown option '--frobnicate'" "${installer[@]}" --frobnicate
expect 0 'usage: install-iis5.cmd' "${installer[@]}" --help
as_before 'what was refused'
rm "$package/i686/thread-per-request.dll"
expect 1 'copy the whole package' "${installer[@]}"

# The real inetinfo.vbs, in the registry of Wine's prefix. RegDelete is not in Wine 8: DELETE has
# not been run here.
registry=("$scripts/wine.sh" cscript //nologo "$(windows "$scratch/inetinfo.vbs")")
key='HKLM\System\CurrentControlSet\Services\InetInfo\Parameters'
expect 2 '"ReproTest" is not set in the registry' "${registry[@]}" GET ReproTest
expect_that 'inetinfo.vbs sets a value' "${registry[@]}" SET ReproTest 17
expect 0 'ReproTest : (INTEGER) 17' "${registry[@]}" GET ReproTest
expect 0 '0x11' "$scripts/wine.sh" reg query "$key" /v ReproTest
"$scripts/wine.sh" reg delete "$key" /v ReproTest /f >"$scratch/output" 2>&1 </dev/null
finish
