#!/usr/bin/env bash
# The steps of windows.yml as the runner would run them, in order: with the tools of Git for Windows and
# no others, Wine for the Windows programs, and isapi-host in IIS's place. The native loadgen stands for
# loadgen.exe, which Wine tells of most resets as of an ordinary close. What cannot be run here is named
# below. With "verbatim" the regressions take their full time; without it, they claim less.
. "$(dirname "$0")/expect.sh"

verbatim=false
[ "${2-}" != verbatim ] || verbatim=true
top=$(cd "$scripts/.." && pwd)
mapfile -t all < <(/usr/bin/python3 -I "$scripts/tests/workflow_steps.py" "$top/.github/workflows/windows.yml" "$scratch/steps")

# Not run here: the installation of packages and the build, which the tests are part of; what only a
# Windows has; the actions, which GitHub's runner runs. windows_msvc.sh runs the job msvc.
printf '%s\n' './scripts/setup.sh tests' './scripts/build.sh --preset ci' 'Install-WindowsFeature Web-Server,Web-ISAPI-Ext' \
    'Set-Service W3SVC -StartupType Manual' 'Start-Service W3SVC' >"$scratch/expected"
cat "$scratch/steps"/{mingw.01.sh,mingw.02.sh,native.09.powershell} >"$scratch/not-run"
expect_that 'what is not run is what is named here' diff "$scratch/expected" "$scratch/not-run"
expect_that 'the line for PowerShell is the one that the installer names' \
    grep -q -F "$(head -n 1 "$scratch/expected" | sed 's/.*/Install-WindowsFeature Web-Server,Web-ISAPI-Ext/')" "$scripts/iis/install-iis7.cmd"

# checkout FOLDER: what a step needs of the checkout.
checkout() {
    mkdir -p "$1/build"
    cp -r "$scripts" "$top/LICENSE" "$1/"
}

# The job mingw, whose artefact is then where download-artifact would put it.
checkout "$scratch/mingw"
ln -s "$tree" "$scratch/mingw/build/ci"
expect 0 'repro-iis.zip' env -C "$scratch/mingw" sh -e "$scratch/steps/mingw.03.sh"
checkout "$scratch/runner"
mv "$scratch/mingw/build/windows" "$scratch/runner/build/ci" || finish
artefact=$scratch/runner/build/ci

# The programs of the artefact run by themselves there. FORCE_THREAD_EXIT makes a Windows that does
# otherwise, HOST_OPTIONS one whose clients see something else, and PROBE one for which a probe ends so.
# instead_of PROGRAM LINE...: a script in its place.
instead_of() {
    [ ! -e "$1" ] || mv "$1" "$1.real"
    printf '%s\n' '#!/bin/bash' "PATH='$PATH'" "${@:2}" >"$1"
    chmod +x "$1"
}
# shellcheck disable=SC2016 # for the programs
{
    by_wine="'$scripts/wine.sh'"' "$0.real" "$@"'
    instead_of "$artefact/windows-x86_64/host/isapi-host.exe" 'arguments=("$@")' \
        'for other in cancels keeps; do arguments=("${arguments[@]/%$other/${FORCE_THREAD_EXIT-$other}}"); done' \
        'set -- "${arguments[@]}" ${HOST_OPTIONS-}' "exec $by_wine"
    stand_in=('[ "$1" = --json ] || exit 2' 'echo "{}" >"$2"' 'echo "the exit of its thread cancels an AcceptEx"' 'exit "${PROBE-0}"')
    instead_of "$artefact/windows-x86_64/tests/accept_probe/accept-probe.exe" "[ -n \"\${PROBE-}\" ] || exec $by_wine" "${stand_in[@]}"
    # 64-bit Wine does not run these two: the 64-bit host takes the place of the other, with its own DLLs.
    instead_of "$artefact/windows-i686/tests/accept_probe/accept-probe.exe" "${stand_in[@]}"
    instead_of "$artefact/windows-i686/host/isapi-host.exe" "echo \"32-bit host: \$*\" >>'$scratch/record'" \
        "exec '$artefact/windows-x86_64/host/isapi-host.exe' \"\${@/windows-i686/windows-x86_64}\""
}
ln -sf "$(realpath "$loadgen")" "$artefact/windows-x86_64/loadgen/loadgen.exe"

# What Git for Windows has in /usr/bin (from memory), as far as it is needed, and of the runner cmake and
# python3. No flock, no setsid, no Wine.
mkdir "$scratch/bin"
for tool in bash basename cat cut date df dirname env grep head kill mkdir mktemp realpath rm sed seq sh sleep sort tail tee timeout \
    touch tr wc cp mv ls cmake python3; do
    ln -s "$(command -v "$tool")" "$scratch/bin/"
done
for name in uname netsh; do
    printf '%s\n' '#!/bin/bash' "echo \"$name \$*\" >>'$scratch/record'" "[ $name != uname ] || echo MINGW64_NT-10.0-20348" >"$scratch/bin/$name"
    chmod +x "$scratch/bin/$name"
done

# step NN [VARIABLE=VALUE...]: runs native.NN as GitHub's runner does; its summary is then in $summary.
summary=$scratch/summary.md
step() {
    local script
    script=$(printf '%s\n' "$scratch/steps/native.$1".*)
    : >"$summary"
    env -C "$scratch/runner" GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$summary" GITHUB_WORKSPACE="$scratch/runner" \
        SYSTEMDRIVE="$scratch/c" IIS="${IIS-}" PATH="$scratch/bin" "${@:2}" \
        bash --noprofile --norc -e -o pipefail "$script"
}
# passes NN TEXT, and fails CODE NN TEXT [VARIABLE=VALUE...]: its exit code, and what it prints.
fails() {
    local code=0 before=$failures
    step "$2" "${@:4}" >"$scratch/output" 2>&1 </dev/null || code=$?
    expect_that "step $2 ends with $1, not $code" test "$code" -eq "$1"
    [ -z "$3" ] || expect_that "step $2 says '$3'" grep -q -F -- "$3" "$scratch/output"
    [ "$failures" -eq "$before" ] || sed 's/^/    /' "$scratch/output"
}
passes() { fails 0 "$@"; }
in_summary() { expect_that "the summary says '$1'" grep -q -F -- "$1" "$summary"; }

mkdir "$scratch/c"
passes 02 ''
expect_that 'the ports of clients' grep -q -x 'netsh int ipv4 set dynamicport tcp start=10000 num=55535' "$scratch/record"
passes 03 ''

for number in 04 05; do
    passes "$number" 'the exit of its thread cancels an AcceptEx'
    in_summary '### accept-probe, '
    in_summary 'the exit of its thread cancels an AcceptEx'
    in_summary 'Exit code 0.'
    fails 1 "$number" 'the exit' PROBE=1
    in_summary 'Exit code 1.'
    fails 3 "$number" 'the exit' PROBE=3
done
expect_that 'both are for the artefact' test -s "$scratch/runner/results/ci/probe-x86_64.json" -a -s "$scratch/runner/results/ci/probe-i686.json"

# with NN OPTION...: the step with more options of loadgen's.
with() {
    local file=$scratch/steps/native.$1.bash
    grep -q -F -e ' -- ' "$file" || sed -i 's/$/ --/' "$file"
    sed -i "s/\$/ ${*:2}/" "$file"
}
if ! $verbatim; then
    with 06 --max-reset-rate 0.01
    sed -i 's/8000/2000/' "$scratch/steps/native.07.bash"
    with 07 --max-reset-rate 0.01
    sed -i 's/$/ --requests 500/' "$scratch/steps/native.12.bash"
    with 12 --max-reset-rate 0.01
    with 08 --max-reset-rate 0.01
fi
passes 06 'reproduced: thread-per-request resets'
expect_that 'it says where' grep -q '^isapi-host, listening on 127.0.0.1' "$scratch/output"
in_summary 'reproduced'
in_summary 'AcceptEx cancelled as their thread exited'
expect_that 'with clients' grep -q -E -- '--thread-exit cancels: [1-9][0-9]* .*: [1-9][0-9]* with a client' "$summary"
expect_that 'both ends agree' grep -q 'matched by port and time' "$scratch/output"
passes 07 'inconclusive'
in_summary '--thread-exit keeps: 0 AcceptEx cancelled'
passes 08 'reproduced: thread-per-request resets'
expect_that 'of the 32-bit DLLs' grep -q '^32-bit host: .*--root [^ ]*/windows-i686/extension ' "$scratch/record"
for file in {cancels,keeps,i686}/{runs,events,victims}.csv; do expect_that "$file is there" test -s "$scratch/runner/results/ci/$file"; done

# A Windows on which the exit cancels nothing, or all.
with 06 --rounds 1
fails 1 06 'Not as it must be: the exit of a thread cancelled nothing' FORCE_THREAD_EXIT=keeps
in_summary 'Not as it must be'
fails 1 07 'Not as it must be: nothing may be cancelled' FORCE_THREAD_EXIT=cancels

# One whose clients see a close where a reset was expected: that is told, and no failure.
# (Those that had sent already still see a reset.)
passes 06 'thread-per-request: other failures: closed ' HOST_OPTIONS='--victim-close plain'
expect_that 'a warning' grep -q '^::warning title=clients and host::' "$scratch/output"
in_summary 'The cancel is there.'

# IIS: the package, the installer under Wine's cmd, and isapi-host in its place.
passes 10 ''
. "$scripts/tests/iis/iis7.sh"
fresh_iis7
# cmd NN: as GitHub's runner calls it.
cmd() {
    printf '%s\r\n' '@echo off' "set SystemRoot=$(windows "$winnt")" "set SystemDrive=$(windows "$scratch/c")" \
        "call $(windows "$scratch/steps/native.$1.cmd")" >"$scratch/run.cmd"
    "$scripts/wine.sh" cmd /c "$(windows "$scratch/run.cmd")"
}
expect_cmd() { # CODE TEXT NN
    local code=0
    cmd "$3" >"$scratch/output" 2>&1 </dev/null || code=$?
    expect_that "step $3 ends with $1, not $code" test "$code" -eq "$1"
    expect_that "step $3 says '$2'" grep -q -F -- "$2" "$scratch/output"
}
expect_cmd 0 'installed: http://SERVER/repro/' 11
expect_that 'what is installed is where the package was put' \
    grep -q -F "physicalPath:$(windows "$scratch/c/repro-iis/x86_64")" "$inetsrv/commands.txt"

start_host() {
    start_server "$scripts/wine.sh" "$tree/windows-x86_64/host/isapi-host.exe" --root "$scratch/c/repro-iis/x86_64" --port 0 \
        "$@" 2>"$scratch/host.log" || { cat "$scratch/host.log"; exit 1; }
    IIS=http://$address/repro
}
start_host --thread-exit keeps
passes 12 'holds: thread-per-request'
in_summary 'thread-per-request'
# That rows differ, here the paths, is data; that nothing answers, or that a variant resets, is not.
passes 13 '* map-ex '
in_summary '### conformance.dll'
in_summary 'Exit code 1.'
stop_server
start_host
fails 1 12 'failed: thread-per-request was expected not to reset'
stop_server
fails 4 13 'no HTTP answer'

expect_cmd 0 'removed' 14
expect_that 'nothing is left' diff "$scratch/before" "$inetsrv/state.txt"
expect_cmd 0 'nothing to remove' 14
fresh_iis7
echo 1 >"$inetsrv/fail.txt"
expect_cmd 1 'this failed' 11

# Every step of the job was one of these.
expect_that 'no step was left out' test "$(printf '%s\n' "${all[@]}" | grep -c -E '^native\.[0-9]+\.')" -eq 13
finish
