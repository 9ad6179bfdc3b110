#!/usr/bin/env bash
# install-iis7.cmd under Wine's cmd, with a recording stand-in for appcmd.exe: exactly the documented
# commands in order, each undone in reverse, and nothing left behind, whichever of them fails.
. "$(dirname "$0")/expect.sh"

"$scripts/iis/package.sh" --no-build --preset "$(basename "$tree")" --output "$scratch/repro-iis.zip" >/dev/null || exit 1
# In a folder as a user's may be.
mkdir "$scratch/R & D"
(cd "$scratch/R & D" && cmake -E tar xf "$scratch/repro-iis.zip")
package="$scratch/R & D/repro-iis"
# shellcheck source=scripts/lib/variants.sh
. "$scripts/lib/variants.sh"

# shellcheck source=scripts/tests/iis/iis7.sh
. "$scripts/tests/iis/iis7.sh"
printf '%s\r\n' '@echo off' "set SystemRoot=$(windows "$winnt")" \
    'if defined TEST_SET set %TEST_SET%' 'call install-iis7.cmd %*' >"$package/run.cmd"
installer=(env -C "$package" "$scripts/wine.sh" cmd /c run.cmd)
state=$package/installed-iis7.cmd

begin_anew() {
    rm -f "$state"
    fresh_iis7
}
recorded() {
    local what=$1
    shift
    printf '%s\n' "$@" >"$scratch/expected"
    expect_that "$what" diff "$scratch/expected" "$inetsrv/commands.txt"
    rm -f "$inetsrv/commands.txt"
}
nothing_left() {
    expect_that "$1: the configuration is as before" diff "$scratch/before" "$inetsrv/state.txt"
    expect_that "$1: no $(basename "$state")" test ! -e "$state"
}

# commands NAME SITE FOLDER ENABLE32BIT: sets installed, what is run, and undone, what undoes each of
# them, or - where what is before it does. Arguments as the program gets them.
dlls=("${variants[@]}" conformance)
commands() {
    local application="$2/$1" handlers=system.webServer/handlers
    local restriction='set | config | /section:system.webServer/security/isapiCgiRestriction' dll rule
    installed=("add | apppool | /name:$1"
        "set | apppool | /apppool.name:$1 | /managedRuntimeVersion:"
        "set | apppool | /apppool.name:$1 | /enable32BitAppOnWin64:$4"
        "add | app | /site.name:$2 | /path:/$1 | /physicalPath:$3"
        "set | app | $application | /applicationPool:$1"
        "set | config | $application | /section:$handlers | /accessPolicy:Read,Execute,Script | /commit:apphost"
        "set | config | $application | /section:$handlers | /+[name='$1',path='*.dll',verb='*',modules='IsapiModule',resourceType='File',requireAccess='Execute'] | /commit:apphost")
    undone=("delete | apppool | /apppool.name:$1" - - "delete | app | $application" -
        "clear | config | $application | /section:$handlers | /commit:apphost"
        "set | config | $application | /section:$handlers | /-[name='$1'] | /commit:apphost")
    for dll in "${dlls[@]}"; do
        rule="[path='$3\\$dll.dll',description='KB 813531 reproduction',allowed='True'] | /commit:apphost"
        installed+=("$restriction | /+$rule")
        undone+=("$restriction | /-$rule")
    done
}
# undoing N: what undoes the first N commands, in reverse.
undoing() {
    local i
    for ((i = $1 - 1; i >= 0; i--)); do [ "${undone[i]}" = - ] || echo "${undone[i]}"; done
}

begin_anew
commands repro 'Default Web Site' "$(windows "$package/x86_64")" false
all=${#installed[@]}
mapfile -t removed < <(undoing "$all")
expect 0 'installed: http://SERVER/repro/thread-per-request.dll' "${installer[@]}"
recorded 'the documented commands, in order' "${installed[@]}"
expect_that 'every DLL is allowed' diff <(printf '%s\n' "${dlls[@]}" | sort) <(cd "$package/x86_64" && printf '%s\n' *.dll | sed 's/\.dll$//' | sort)
cp "$inetsrv/state.txt" "$scratch/installed-state"
expect 0 'installed already' "${installer[@]}"
expect 1 'installed already, as "Default Web Site/repro" with 64 bits' "${installer[@]}" --bits 32
expect_that 'twice changes nothing' diff "$scratch/installed-state" "$inetsrv/state.txt"
expect_that 'twice runs nothing' test ! -e "$inetsrv/commands.txt"
expect 0 "appcmd delete app \"Default Web Site/repro\"" "${installer[@]}" remove --dry-run
expect_that 'a dry removal runs nothing' test ! -e "$inetsrv/commands.txt"
expect 0 'removed' "${installer[@]}" remove
recorded 'each is undone, in reverse' "${removed[@]}"
nothing_left 'remove'
expect 0 'nothing to remove' "${installer[@]}" remove
expect_that 'removing twice runs nothing' test ! -e "$inetsrv/commands.txt"

# The other DLLs, a site with a character that is cmd's, and a service's rights.
elevated System S-1-16-16384
commands k_9.x 'A & B' "$(windows "$package/i686")" true
expect 0 'installed: http://SERVER/k_9.x/' "${installer[@]}" --bits 32 --name k_9.x --site 'A & B'
recorded 'the 32-bit DLLs' "${installed[@]}"
expect 0 'removed' "${installer[@]}" remove
recorded 'the names of then' "$(undoing "$all")"
nothing_left 'remove of another name'
echo 4 >"$inetsrv/fail.txt"
expect 1 'is undone: appcmd add app /site.name:"A & B" /path:"/k_9.x"' "${installer[@]}" --bits 32 --name k_9.x --site 'A & B'
nothing_left 'a failure of that'

# Whichever step fails: it is named, and what was done before it is undone.
commands repro 'Default Web Site' "$(windows "$package/x86_64")" false
for ((step = 1; step <= all; step++)); do
    begin_anew
    echo "$step" >"$inetsrv/fail.txt"
    expect 1 'install-iis7.cmd: this failed, and what had been done before it is undone: appcmd' "${installer[@]}"
    IFS='|' read -r verb kind _ <<<"${installed[step - 1]}"
    expect_that "step $step is named" grep -q -F "is undone: appcmd ${verb% } ${kind// /} " "$scratch/output"
    mapfile -t back < <(undoing "$((step - 1))")
    recorded "step $step fails" "${installed[@]:0:step}" "${back[@]}"
    nothing_left "step $step fails"
done

# The machine goes off in the midst of a step, before or after it is made.
for when in 'before' 'after'; do
    for step in 1 4 7 "$all"; do
        begin_anew
        echo "$step $when" >"$inetsrv/crash.txt"
        expect 99 '' "${installer[@]}"
        expect 1 'an installation was broken off' "${installer[@]}"
        expect 0 'removed' "${installer[@]}" remove
        nothing_left "broken off $when step $step"
    done
done

# A removal that fails is gone on with, and does not do again what is done. Each step of it in the long
# test.
steps=(1 6 ${#removed[@]})
[ "${2-}" != every-step ] || mapfile -t steps < <(seq "${#removed[@]}")
for step in "${steps[@]}"; do
    begin_anew
    expect 0 'installed' "${installer[@]}"
    rm "$inetsrv/commands.txt"
    echo "$step" >"$inetsrv/fail.txt"
    expect 1 'not everything could be undone, run install-iis7.cmd remove again' "${installer[@]}" remove
    rm -f "$inetsrv/fail.txt"
    expect 0 'removed' "${installer[@]}" remove
    nothing_left "removal $step fails"
done

# A step fails, and so does what undoes the one before it.
begin_anew
printf '%s\n' 4 5 >"$inetsrv/fail.txt"
expect 1 'add app /site.name:"Default Web Site"' "${installer[@]}"
expect_that 'both are said' grep -q -F '; and not everything could be undone' "$scratch/output"
rm "$inetsrv/fail.txt"
expect 0 'removed' "${installer[@]}" remove
nothing_left 'a failed undoing'

begin_anew
expect 0 'appcmd add app /site.name:"Default Web Site" /path:"/repro" /physicalPath:' "${installer[@]}" --dry-run
expect_that 'a dry run runs nothing' test ! -e "$inetsrv/commands.txt" -a ! -e "$state"
expect 0 'repro-iis\i686"' env TEST_SET=PROCESSOR_ARCHITECTURE=x86 "${installer[@]}" --dry-run
expect 1 '"Default Web Site/other" is there already' "${installer[@]}" --name other
expect 1 'pool "taken" is there already' "${installer[@]}" --name taken
expect 1 'there is no site "C & D"' "${installer[@]}" --site 'C & D'
expect 1 '--bits is 32 or 64, not "16"' "${installer[@]}" --bits 16
expect 1 'has other than letters' "${installer[@]}" --name 'a b'
expect 1 'unknown option "--frobnicate"' "${installer[@]}" --frobnicate
expect 1 '"--site" needs a value' "${installer[@]}" --site
expect 1 'was not installed from this folder' "${installer[@]}" remove --name other
expect 0 'usage: install-iis7.cmd' "${installer[@]}" --help
mv "$winnt"/{system32,sysnative} # as a 32-bit cmd.exe sees it
expect 0 'nothing to remove' env TEST_SET=PROCESSOR_ARCHITEW6432=AMD64 "${installer[@]}" remove
mv "$winnt"/{sysnative,system32}
elevated Medium S-1-16-8192
expect 1 'Run as administrator' "${installer[@]}"
elevated High S-1-16-12288
sed -i '/^MODULE/d' "$inetsrv/state.txt" "$scratch/before"
expect 1 'Install-WindowsFeature Web-Server,Web-ISAPI-Ext' "${installer[@]}"
expect_that 'what was refused ran nothing' test ! -e "$inetsrv/commands.txt"
nothing_left 'what was refused'
rm "$inetsrv/appcmd.exe"
expect 1 'dism /online /enable-feature' "${installer[@]}"
rm "$package/x86_64/conformance.dll"
cp "$scratch/appcmd.exe" "$inetsrv"
expect 1 'copy the whole package' "${installer[@]}"
finish
