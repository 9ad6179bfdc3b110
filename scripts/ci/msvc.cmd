@echo off
rem Builds with Visual C++ and vcpkg, and runs the unit tests. Nobody has run it on a real Windows so far.
rem
rem Where what it relies on is from:
rem   vswhere.exe, its place and options   github.com/microsoft/vswhere, its wiki "Find VC"
rem   VsDevCmd.bat -arch                   "Use the Microsoft C++ toolset from the command line" (learn.microsoft.com)
rem   VCPKG_INSTALLATION_ROOT              the runner's own vcpkg: github.com/actions/runner-images
setlocal
set STUDIO=
set "VSWHERE=%ProgramFiles(x86)%\Microsoft Visual Studio\Installer\vswhere.exe"
set "WANTED=-latest -products * -requires Microsoft.VisualStudio.Component.VC.Tools.x86.x64 -property installationPath"
for /f "usebackq delims=" %%p in (`"%VSWHERE%" %WANTED%`) do set "STUDIO=%%p"
if defined STUDIO goto prompt
>&2 echo msvc.cmd: there is no Visual Studio with C++ for x64
exit /b 1
:prompt
call "%STUDIO%\Common7\Tools\VsDevCmd.bat" -arch=x64 -host_arch=x64
if errorlevel 1 exit /b 1
rem That prompt may name Visual Studio's own vcpkg, which has no ports.
if defined VCPKG_INSTALLATION_ROOT set "VCPKG_ROOT=%VCPKG_INSTALLATION_ROOT%"
cd /d "%~dp0..\.."
cmake --preset msvc
if errorlevel 1 exit /b 1
cmake --build --preset msvc
if errorlevel 1 exit /b 1
rem The labels are those of scripts/test.sh.
ctest --test-dir build/msvc --output-on-failure --no-tests=error --label-exclude long
if errorlevel 1 exit /b 1
exit /b 0
