#!/usr/bin/env bash
# msvc.cmd under Wine's cmd, as windows.yml calls it, with recording stand-ins for vswhere, the prompt,
# cmake and ctest: what it runs, in which order and with which vcpkg; and that no failure is lost.
. "$(dirname "$0")/expect.sh"

checkout="$scratch/a b" # a checkout's path may have a space
mkdir -p "$checkout/scripts" "$scratch/bin" "$scratch/programs/Microsoft Visual Studio/Installer" "$scratch/studio/Common7/Tools"
cp -r "$scripts/ci" "$checkout/scripts/"
compiler=$(command -v x86_64-w64-mingw32-g++-posix x86_64-w64-mingw32-g++ | head -n 1)
"$compiler" -std=c++20 -static -o "$scratch/recorder.exe" "$scripts/tests/recorder.cpp" || exit 1
cp "$scratch/recorder.exe" "$scratch/bin/cmake.exe"
cp "$scratch/recorder.exe" "$scratch/bin/ctest.exe"
vswhere="$scratch/programs/Microsoft Visual Studio/Installer/vswhere.exe"
cp "$scratch/recorder.exe" "$vswhere"
# The real one names Visual Studio's own vcpkg.
printf '%s\r\n' '@echo off' 'echo VsDevCmd %*>>"%RECORD%"' 'set VCPKG_ROOT=of-studio' 'if "%FAIL%"=="VsDevCmd" exit /b 3' 'exit /b 0' \
    >"$scratch/studio/Common7/Tools/VsDevCmd.bat"

/usr/bin/python3 -I "$scripts/tests/workflow_steps.py" "$scripts/../.github/workflows/windows.yml" "$scratch/steps" >/dev/null || exit 1
windows() { echo "Z:${1//\//\\}"; }
# As GitHub's runner calls a step; it has no way to set this variable but one of cmd's own.
printf '%s\r\n' '@echo off' "set ProgramFiles(x86)=$(windows "$scratch/programs")" \
    "set PATH=$(windows "$scratch/bin");%PATH%" "call $(windows "$scratch/steps")\\%1" >"$scratch/run.cmd"
step() { env -C "$checkout" RECORD="$(windows "$scratch/record")" SAYS="$(windows "$scratch/studio")" "$@" \
    "$scripts/wine.sh" cmd /c "$(windows "$scratch/run.cmd")" "$msvc" >"$scratch/output" 2>&1; }
msvc=$(cd "$scratch/steps" && ls msvc.*.cmd)

where='vswhere | -latest | -products | * | -requires | Microsoft.VisualStudio.Component.VC.Tools.x86.x64 | -property | installationPath'
commands=("$where" 'VsDevCmd -arch=x64 -host_arch=x64' 'cmake | --preset | msvc' 'cmake | --build | --preset | msvc'
    'ctest | --test-dir | build/msvc | --output-on-failure | --no-tests=error | --label-exclude | long')
# runs CODE N WHAT [VARIABLE=VALUE...]: the first N of the commands, and that exit code.
runs() {
    local code=0
    rm -f "$scratch/record"
    step "${@:4}" || code=$?
    expect_that "$3: exit code $1, not $code" test "$code" -eq "$1"
    expect_that "$3: these commands" diff <(printf '%s\n' "${commands[@]:0:$2}") <(tr -d '\r' <"$scratch/record")
}
runs 0 5 'all is well' VCPKG_INSTALLATION_ROOT='C:\vcpkg'
runs 1 2 'no prompt' FAIL=VsDevCmd
runs 1 3 'no configuration' FAIL=cmake
runs 1 5 'a test fails' FAIL=ctest
commands=("$where")
runs 1 1 'no Visual Studio' SAYS=
expect_that 'it says so' grep -q 'there is no Visual Studio with C++ for x64' "$scratch/output"

# The vcpkg that the preset is given is the runner's.
printf '%s\r\n' '@echo off' 'echo vcpkg %VCPKG_ROOT%>>"%RECORD%"' >"$scratch/bin/cmake.cmd"
rm "$scratch/bin/cmake.exe"
sed 's/^cmake/call cmake/' "$checkout/scripts/ci/msvc.cmd" >"$scratch/called" && cp "$scratch/called" "$checkout/scripts/ci/msvc.cmd"
step VCPKG_INSTALLATION_ROOT='C:\vcpkg'
expect_that "the runner's vcpkg" grep -q '^vcpkg C:.vcpkg' "$scratch/record"
finish
