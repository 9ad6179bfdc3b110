# shellcheck shell=bash
# A server as install-iis7.cmd looks for it: a folder of Windows whose appcmd.exe is a recording
# stand-in (appcmd.cpp). To be sourced, after expect.sh.

winnt=$scratch/winnt
inetsrv=$winnt/system32/inetsrv
mkdir -p "$inetsrv"
compiler=$(command -v x86_64-w64-mingw32-g++-posix x86_64-w64-mingw32-g++ | head -n 1)
"$compiler" -std=c++20 -static -o "$scratch/appcmd.exe" "$scripts/tests/iis/appcmd.cpp" || exit 1
cp "$scratch/appcmd.exe" "$inetsrv"

# elevated LEVEL SID: the rights that the caller has. Wine's whoami knows no /groups.
elevated() { printf 'Mandatory Label\\%s Mandatory Level Label %s\r\n' "$1" "$2" >"$winnt/system32/groups.txt"; }
printf '@type "%%~dp0groups.txt"\r\n' >"$winnt/system32/whoami.cmd"

# windows PATH: as Wine's programs write it.
windows() { echo "Z:${1//\//\\}"; }

# fresh_iis7: nobody has installed or recorded anything, and the caller is an administrator.
fresh_iis7() {
    rm -f "$inetsrv"/{commands,fail,crash}.txt
    elevated High S-1-16-12288
    LC_ALL=C sort >"$inetsrv/state.txt" <<'TEXT'
APP Default Web Site/
APP Default Web Site/other
APPPOOL DefaultAppPool
APPPOOL taken
CONFIG '' system.webServer/handlers .[name='ISAPI-dll',path='*.dll',verb='*',modules='IsapiModule',resourceType='File',requireAccess='Execute']
CONFIG '' system.webServer/handlers .accessPolicy=Read,Script
CONFIG '' system.webServer/security/isapiCgiRestriction .[path='C:\asp.dll',description='ASP',allowed='true']
MODULE IsapiModule
SITE Default Web Site
SITE A & B
TEXT
    cp "$inetsrv/state.txt" "$scratch/before"
}
