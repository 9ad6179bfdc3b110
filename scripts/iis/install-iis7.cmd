@echo off
rem Installs the DLLs in IIS 7.0 to 10.0, and undoes that. Nobody has run this on a real IIS so far.
rem
rem Where the commands are from (Microsoft's documents, "(IIS 7)" in TechNet's titles, at learn.microsoft.com):
rem   add, set, delete, list: objects, their names     "Getting Started with AppCmd.exe"
rem   add apppool, delete apppool                      "Create an Application Pool" (cc731784), "Remove ..." (cc772406)
rem   managedRuntimeVersion, enable32BitAppOnWin64     "Specify a .NET Framework Version for an Application Pool" (cc754523); applicationPools
rem                                                    <add> in the IIS configuration reference
rem   accessPolicy                                     "Edit Feature Permissions for the Handler Mappings Feature" (cc725855)
rem   handlers /+ and /-                               "Add a Module Handler Mapping" (cc731285), "Remove a Handler Mapping" (cc754894)
rem   isapiCgiRestriction /+ and /-                    "Add an ISAPI or CGI Restriction" (cc732851), "Remove ..." (cc731621): /- names the rule
rem                                                    exactly as /+ did
rem   clear config                                     a book on IIS 7.0, "Using Command Line Tools": no page of Microsoft's was at hand
rem   an exit code that is not 0 is a Win32 error      "Use AppCmd.exe to Configure IIS at Startup" (hh974418)
rem   IsapiModule is there when the feature is         globalModules in the IIS configuration reference: a feature's setup adds its module
rem   S-1-16-12288, S-1-16-16384                       high and system integrity, which elevated processes have ("Well-known SIDs")
rem   managedRuntimeVersion:"", set app /applicationPool, list module   from memory: no document was at hand
rem /commit:apphost: a web.config would need the section unlocked, and would lie beside the DLLs.
setlocal
set "HERE=%~dp0"
set "STATE=%~dp0installed-iis7.cmd"
set ACTION=install
set DRY=
set FAILED=
set UNDO_FAILED=
set COMPLETE=
set "WHY="
set "OPT--name=repro"
set "OPT--site=Default Web Site"
set "OPT--bits="
set DLLS=thread-per-request thread-pool keep-alive keep-alive-pool synchronous conformance
set REVERSED=conformance synchronous keep-alive-pool keep-alive thread-pool thread-per-request

:next
if "%~1"=="" goto parsed
if "%~1"=="install" goto action
if "%~1"=="remove" goto action
if "%~1"=="--dry-run" goto dry
if "%~1"=="/dry-run" goto dry
if "%~1"=="--help" goto help
if "%~1"=="-h" goto help
if "%~1"=="/?" goto help
if "%~1"=="--name" goto value
if "%~1"=="--site" goto value
if "%~1"=="--bits" goto value
set WHY=unknown option "%~1" (see --help)
goto refused
:action
set ACTION=%~1
shift
goto next
:dry
set DRY=1
shift
goto next
:value
set WHY=option "%~1" needs a value (see --help)
if "%~2"=="" goto refused
set "OPT%~1=%~2"
set "WHY="
shift
shift
goto next

:help
echo usage: install-iis7.cmd [install or remove] [options]
echo.
echo Gives the DLLs beside it, in the folder x86_64 or i686, the URL http://SERVER/repro/NAME.dll in IIS 7.0 to 10.0: an application
echo pool of its own, an application in it, the right to execute, a handler, and each DLL allowed under ISAPI and CGI Restrictions.
echo remove undoes each step, in reverse. A step that fails is undone with those before it. What is installed, or removed, already
echo is left as it is. These versions of IIS cannot have the bug: they are the negative control.
echo.
echo   --dry-run    only say what would be run, in order; appcmd.exe is in %%SystemRoot%%\system32\inetsrv
echo   --name NAME  of the application and its pool (repro)
echo   --site NAME  of the web site (Default Web Site)
echo   --bits N     64 or 32: which DLLs, and so which worker process (64; 32 on a 32-bit Windows)
echo.
echo Exit code: 0 done, 1 not, with a sentence that says why.
exit /b 0

:parsed
for /f "delims=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-" %%x in ("x%OPT--name%") do set FAILED=1
set WHY=--name "%OPT--name%" has other than letters, digits, dot, dash and underscore
if defined FAILED goto refused
if defined OPT--bits goto bits
set OPT--bits=64
if "%PROCESSOR_ARCHITECTURE%"=="x86" if not defined PROCESSOR_ARCHITEW6432 set OPT--bits=32
:bits
set WHY=--bits is 32 or 64, not "%OPT--bits%"
if not "%OPT--bits%"=="32" if not "%OPT--bits%"=="64" goto refused
set "NAME=%OPT--name%"
set "SITE=%OPT--site%"
set "BITS=%OPT--bits%"
call :names
set WHY=appcmd takes no path with an apostrophe: unpack the package in another folder than "%HERE%"
if not "%HERE:'=%"=="%HERE%" goto refused

rem A 32-bit cmd.exe on a 64-bit Windows sees another system32, with another appcmd.exe.
set "SYSTEM=%SystemRoot%\system32"
if defined PROCESSOR_ARCHITEW6432 set "SYSTEM=%SystemRoot%\sysnative"
set "PATH=%SYSTEM%\inetsrv;%PATH%"
if defined DRY goto ready
set WHY=not an administrator: start cmd.exe or PowerShell with 'Run as administrator'
set ELEVATED=
call "%SYSTEM%\whoami" /groups | find "S-1-16-12288" >nul
if not errorlevel 1 set ELEVATED=1
call "%SYSTEM%\whoami" /groups | find "S-1-16-16384" >nul
if not errorlevel 1 set ELEVATED=1
if not defined ELEVATED goto refused
set "CURE=dism /online /enable-feature /featurename:IIS-WebServerRole /featurename:IIS-WebServer"
set "CURE=%CURE% /featurename:IIS-ApplicationDevelopment /featurename:IIS-ISAPIExtensions"
set "CURE=%CURE% (or, in the PowerShell of a server since 2012: Install-WindowsFeature Web-Server,Web-ISAPI-Ext)"
set WHY=there is no "%SYSTEM%\inetsrv\appcmd.exe", so no IIS 7.0 or later. This installs it: %CURE%
if not exist "%SYSTEM%\inetsrv\appcmd.exe" goto refused
:ready
if "%ACTION%"=="remove" goto remove

if exist "%STATE%" goto installed
set WHY=the DLLs are not in "%FOLDER%": copy the whole package
for %%v in (%DLLS%) do if not exist "%FOLDER%\%%v.dll" set FAILED=1
if defined FAILED goto refused
set KIND=MODULE
call :ask appcmd list module IsapiModule
set WHY=IIS is without ISAPI extensions. This installs them: %CURE%
if not defined DRY if not defined FOUND goto refused
set KIND=SITE
call :ask appcmd list site "%SITE%"
set WHY=there is no site "%SITE%"; --site names another
if not defined DRY if not defined FOUND goto refused
set KIND=APP
call :ask appcmd list app "%APPLICATION%"
set WHY=the application "%APPLICATION%" is there already; choose another --name
if defined FOUND goto refused
set KIND=APPPOOL
call :ask appcmd list apppool "%NAME%"
set WHY=the application pool "%NAME%" is there already; choose another --name
if defined FOUND goto refused
set "WHY="
if defined DRY goto create
>"%STATE%" echo rem What install-iis7.cmd did: install-iis7.cmd remove reads it. MAYBE was begun, DONE was done.
>>"%STATE%" echo set "NAME=%NAME%"
>>"%STATE%" echo set "SITE=%SITE%"
>>"%STATE%" echo set "BITS=%BITS%"
set WHY=cannot write "%STATE%"
if not exist "%STATE%" goto refused
set "WHY="

:create
set ENABLE32BIT=false
if "%BITS%"=="32" set ENABLE32BIT=true
set STEP=pool
call :step appcmd add apppool /name:"%NAME%"
call :also appcmd set apppool /apppool.name:"%NAME%" /managedRuntimeVersion:""
call :also appcmd set apppool /apppool.name:"%NAME%" /enable32BitAppOnWin64:%ENABLE32BIT%
set STEP=application
call :step appcmd add app /site.name:"%SITE%" /path:"/%NAME%" /physicalPath:"%FOLDER%"
call :also appcmd set app "%APPLICATION%" /applicationPool:"%NAME%"
set STEP=access
call :step appcmd set config "%APPLICATION%" /section:%HANDLERS% /accessPolicy:Read,Execute,Script /commit:apphost
set STEP=handler
call :step appcmd set config "%APPLICATION%" /section:%HANDLERS% /+"%HANDLER%" /commit:apphost
for %%v in (%DLLS%) do call :allow %%v
if defined FAILED goto undo
if defined DRY exit /b 0
>>"%STATE%" echo set COMPLETE=1
echo installed: http://SERVER/%NAME%/thread-per-request.dll; install-iis7.cmd remove undoes it
exit /b 0

:installed
set "ASKED=%NAME%, %SITE%, %BITS% bits"
call "%STATE%"
call :names
set WHY=an installation was broken off; run install-iis7.cmd remove first
if not defined COMPLETE goto refused
set WHY=it is installed already, as "%APPLICATION%" with %BITS% bits; run install-iis7.cmd remove first
if not "%NAME%, %SITE%, %BITS% bits"=="%ASKED%" goto refused
set KIND=APP
call :ask appcmd list app "%APPLICATION%"
set WHY=it was installed, but "%APPLICATION%" is gone; run install-iis7.cmd remove first
if not defined DRY if not defined FOUND goto refused
echo installed already: http://SERVER/%NAME%/thread-per-request.dll; install-iis7.cmd remove undoes it
exit /b 0

:remove
if exist "%STATE%" goto remove_it
set KIND=APP
call :ask appcmd list app "%APPLICATION%"
set WHY=there is an application "%APPLICATION%", but no "%STATE%": it was not installed from this folder
if defined FOUND goto refused
echo nothing to remove: there is no "%STATE%"
exit /b 0
:remove_it
call "%STATE%"
call :names
set "WHY="

:undo
for %%v in (%REVERSED%) do call :disallow %%v
rem Each of these stands on the next: what cannot be undone keeps that.
set STEP=handler
call :back appcmd set config "%APPLICATION%" /section:%HANDLERS% /-"[name='%NAME%']" /commit:apphost
if defined UNDO_FAILED if defined DONE_handler goto undone
set STEP=access
call :back appcmd clear config "%APPLICATION%" /section:%HANDLERS% /commit:apphost
if defined UNDO_FAILED if defined DONE_access goto undone
set STEP=application
call :back appcmd delete app "%APPLICATION%"
if defined UNDO_FAILED if defined DONE_application goto undone
set STEP=pool
call :back appcmd delete apppool /apppool.name:"%NAME%"
:undone
if defined DRY exit /b 0
if not defined UNDO_FAILED del "%STATE%"
set "AND="
if defined WHY set "AND=; and "
if defined UNDO_FAILED set WHY=%WHY%%AND%not everything could be undone, run install-iis7.cmd remove again, or delete "%STATE%" when you have done it by hand
if defined WHY goto refused
echo removed
exit /b 0

:refused
rem Names that may have an ampersand stand in double quotes, in WHY as in the commands.
>&2 echo install-iis7.cmd: %WHY%
exit /b 1

rem call :names: what follows from NAME, SITE and BITS.
:names
set "APPLICATION=%SITE%/%NAME%"
set "FOLDER=%HERE%x86_64"
if "%BITS%"=="32" set "FOLDER=%HERE%i686"
set "HANDLERS=system.webServer/handlers"
set "HANDLER=[name='%NAME%',path='*.dll',verb='*',modules='IsapiModule',resourceType='File',requireAccess='Execute']"
set "RESTRICTION=system.webServer/security/isapiCgiRestriction"
set "RULE=description='KB 813531 reproduction',allowed='True'"
goto :eof

rem call :allow DLL, and :disallow: it is, or no more, listed in ISAPI and CGI Restrictions.
:allow
set STEP=%1
call :step appcmd set config /section:%RESTRICTION% /+"[path='%FOLDER%\%1.dll',%RULE%]" /commit:apphost
goto :eof
:disallow
set STEP=%1
call :back appcmd set config /section:%RESTRICTION% /-"[path='%FOLDER%\%1.dll',%RULE%]" /commit:apphost
goto :eof

rem call :ask COMMAND...: FOUND says whether appcmd lists an object of the KIND: a line begins with it.
:ask
set FOUND=
echo %*
if defined DRY goto :eof
for /f "tokens=1" %%a in ('%*') do if "%%a"=="%KIND%" set FOUND=1
goto :eof

rem call :step COMMAND...: says it, runs it, and writes down that STEP was done. :also is for what goes when that is undone.
:step
if defined FAILED goto :eof
call :mark MAYBE 1
call :also %*
if not defined FAILED call :mark DONE 1
call :mark MAYBE
goto :eof
:also
if defined FAILED goto :eof
echo %*
if defined DRY goto :eof
%*
if "%ERRORLEVEL%"=="0" goto :eof
set WHY=this failed, and what had been done before it is undone: %*
set FAILED=1
goto :eof

rem call :back COMMAND...: undoes STEP, if it was done. Of one that was broken off nobody knows whether it was: then it may fail.
:back
if not defined DONE_%STEP% if not defined MAYBE_%STEP% goto :eof
echo %*
if defined DRY goto :eof
%*
if "%ERRORLEVEL%"=="0" goto back_done
if defined DONE_%STEP% set UNDO_FAILED=1
if defined DONE_%STEP% goto :eof
echo (that had been broken off, and was not done)
:back_done
call :mark DONE
call :mark MAYBE
goto :eof

:mark
set %1_%STEP%=%2
if not defined DRY >>"%STATE%" echo set %1_%STEP%=%2
goto :eof
