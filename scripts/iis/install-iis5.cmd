@echo off
rem Installs the DLLs in IIS 4.0 (NT 4.0) or IIS 5.0 (Windows 2000), and undoes that. Their cmd.exe runs it, so there is no exit /b,
rem no set /p, no usebackq and no reg.exe here.
rem
rem Where the commands are from (Microsoft's documents; none of this has been run on a real IIS):
rem   GET, SET, DELETE, CREATE, APPCREATEINPROC, APPDELETE   "Using the Adsutil.vbs Administration Script" (cc781546)
rem   IIsWebVirtualDir, AppCreate, AppDelete                 IIS Admin Objects reference (aa711354, aa711359): IIS 4.0 and later
rem   Path, AccessExecute, CacheISAPI, ServerListenBacklog   Metabase property reference (AccessFlags, cc782014, cc739048)
rem   AcceptExOutstanding                                    Q301310; in the registry, so inetinfo.vbs does it
rem   iisreset                                               "Restarting IIS" (cc758159); it came with IIS 5.0
rem   net stop iisadmin /y, net start w3svc                  the same by hand for IIS 4.0: "IISRESET internals", Microsoft's friis blog
setlocal
set HERE=%~dp0
set STATE=%HERE%installed.cmd
set ACTION=install
set DRY=
set FAILED=
set UNDOING=
set UNDO_FAILED=
set WHY=
set OLD_OUTSTANDING=
set OLD_BACKLOG=
set OPT--name=repro
set OPT--site=1
set OPT--accept-outstanding=
set OPT--listen-backlog=
set OPT--adsutil=

:next
if (%1)==() goto parsed
if (%1)==(install) goto action
if (%1)==(remove) goto action
if (%1)==(--dry-run) goto dry
if (%1)==(/dry-run) goto dry
if (%1)==(--help) goto help
if (%1)==(-h) goto help
if (%1)==(/?) goto help
if (%1)==(--name) goto value
if (%1)==(--site) goto value
if (%1)==(--accept-outstanding) goto value
if (%1)==(--listen-backlog) goto value
if (%1)==(--adsutil) goto value
set WHY=unknown option '%1' (see --help)
goto refused
:action
set ACTION=%1
shift
goto next
:dry
set DRY=1
shift
goto next
:value
set WHY=option '%1' needs a value (see --help)
if (%2)==() goto refused
set OPT%1=%2
set WHY=
shift
shift
goto next

:help
echo usage: install-iis5.cmd [install or remove] [options]
echo.
echo Gives the DLLs beside it, in the folder i686, the URL http://SERVER/repro/NAME.dll in IIS 4.0 or 5.0: a virtual directory with
echo execute rights, an application in IIS's own process, DLLs kept loaded. Then IIS is restarted. remove undoes each step,
echo in reverse, and puts back what it had changed. A step that fails is undone with those before it.
echo.
echo   --dry-run               only say what would be run, in order
echo   --name NAME             of the virtual directory (repro)
echo   --site N                number of the web site (1)
echo   --accept-outstanding N  also make IIS keep only so many AcceptEx pending (its own default is 40): the fewer, the more
echo                           often the fault. For all sites of the server.
echo   --listen-backlog N      also set the site's ServerListenBacklog, 5 to 500
echo   --adsutil FILE          adsutil.vbs, when it is not where IIS puts it
echo.
echo Exit code: 0 done, 1 not, with a sentence that says why.
goto succeeded

:parsed
if not defined OPT--adsutil if exist "%SystemRoot%\system32\inetsrv\adminsamples\adsutil.vbs" set OPT--adsutil="%SystemRoot%\system32\inetsrv\adminsamples\adsutil.vbs"
if exist "%SystemDrive%\Inetpub\AdminScripts\adsutil.vbs" if not defined OPT--adsutil set OPT--adsutil="%SystemDrive%\Inetpub\AdminScripts\adsutil.vbs"
if defined DRY if not defined OPT--adsutil set OPT--adsutil=adsutil.vbs
set WHY=adsutil.vbs is neither in \Inetpub\AdminScripts nor in system32\inetsrv\adminsamples: is IIS here? (--adsutil names the file)
if not defined OPT--adsutil goto refused
set WHY=%OPT--adsutil% does not exist
if not defined DRY if not exist %OPT--adsutil% goto refused
if "%ACTION%"=="remove" goto remove

set WHY=it is installed already; run install-iis5.cmd remove first
if exist "%STATE%" goto refused
set WHY=the DLLs are not in %HERE%i686: copy the whole package
if not exist "%HERE%i686\thread-per-request.dll" goto refused
call :number --site 1 %OPT--site%
if not (%OPT--accept-outstanding%)==() call :number --accept-outstanding 1 %OPT--accept-outstanding%
if not (%OPT--listen-backlog%)==() call :number --listen-backlog 5 %OPT--listen-backlog%
if defined FAILED goto refused
set ROOT=w3svc/%OPT--site%/root/%OPT--name%

call :ask %OPT--adsutil% GET %ROOT%/Path
set WHY=%ROOT% is in use already; choose another --name
if defined VALUE if not "%VALUE%"=="unset" goto refused
if not defined OPT--accept-outstanding goto asked_outstanding
call :ask "%HERE%inetinfo.vbs" GET AcceptExOutstanding
set WHY=cannot read what AcceptExOutstanding is now
if not defined VALUE goto refused
set OLD_OUTSTANDING=%VALUE%
:asked_outstanding
if not defined OPT--listen-backlog goto asked_backlog
call :ask %OPT--adsutil% GET w3svc/%OPT--site%/ServerListenBacklog
set WHY=cannot read what ServerListenBacklog is now
if not defined VALUE goto refused
set OLD_BACKLOG=%VALUE%
:asked_backlog
set WHY=
if defined DRY goto create
rem The redirection comes first: "=4>>" would be taken for handle 4.
>"%STATE%" echo rem What install-iis5.cmd did, and what was there before: install-iis5.cmd remove reads it.
>>"%STATE%" echo set ROOT=%ROOT%
>>"%STATE%" echo set OPT--site=%OPT--site%
>>"%STATE%" echo set OLD_OUTSTANDING=%OLD_OUTSTANDING%
>>"%STATE%" echo set OLD_BACKLOG=%OLD_BACKLOG%
set WHY=cannot write %STATE%
if not exist "%STATE%" goto refused

:create
call :run %OPT--adsutil% CREATE %ROOT% IIsWebVirtualDir
if defined FAILED goto undone
call :run %OPT--adsutil% SET %ROOT%/Path "%HERE%i686"
if defined FAILED goto undo_directory
call :run %OPT--adsutil% SET %ROOT%/AccessExecute TRUE
if defined FAILED goto undo_directory
call :run %OPT--adsutil% APPCREATEINPROC %ROOT%
if defined FAILED goto undo_directory
call :run %OPT--adsutil% SET %ROOT%/CacheISAPI TRUE
if defined FAILED goto undo_application
if defined OLD_OUTSTANDING call :run "%HERE%inetinfo.vbs" SET AcceptExOutstanding %OPT--accept-outstanding%
if defined FAILED goto undo_application
if defined OLD_BACKLOG call :run %OPT--adsutil% SET w3svc/%OPT--site%/ServerListenBacklog %OPT--listen-backlog%
if defined FAILED goto undo_outstanding
call :restart
if defined FAILED goto undo_backlog
if defined DRY goto succeeded
echo installed: http://SERVER/%OPT--name%/thread-per-request.dll; install-iis5.cmd remove undoes it
goto succeeded

:remove
set WHY=nothing to remove: there is no %STATE%
if not exist "%STATE%" goto refused
call "%STATE%"
set UNDOING=1
set WHY=

:undo_backlog
if "%OLD_BACKLOG%"=="unset" call :run %OPT--adsutil% DELETE w3svc/%OPT--site%/ServerListenBacklog
if defined OLD_BACKLOG if not "%OLD_BACKLOG%"=="unset" call :run %OPT--adsutil% SET w3svc/%OPT--site%/ServerListenBacklog %OLD_BACKLOG%
:undo_outstanding
if "%OLD_OUTSTANDING%"=="unset" call :run "%HERE%inetinfo.vbs" DELETE AcceptExOutstanding
if defined OLD_OUTSTANDING if not "%OLD_OUTSTANDING%"=="unset" call :run "%HERE%inetinfo.vbs" SET AcceptExOutstanding %OLD_OUTSTANDING%
:undo_application
call :run %OPT--adsutil% APPDELETE %ROOT%
:undo_directory
call :run %OPT--adsutil% DELETE %ROOT%
call :restart
if defined DRY goto succeeded
if defined UNDO_FAILED set WHY=%WHY%; not everything could be undone, run install-iis5.cmd remove again, or delete %STATE% when you have done it by hand
if defined UNDO_FAILED goto refused
:undone
if exist "%STATE%" del "%STATE%"
if defined WHY goto refused
echo removed
goto succeeded

:refused
>&2 echo install-iis5.cmd: %WHY%
rem What an external program returns last is the exit code of a batch file; NT 4.0 has no other way.
echo 0| find "1" >nul
goto :eof
:succeeded
echo 0| find "0" >nul
goto :eof

rem call :number OPTION LEAST VALUE: refuses a value that is not a whole number from LEAST on.
:number
if defined FAILED goto :eof
set WHY=option '%1' takes a whole number from %2 on, not '%3'
for /f "delims=0123456789" %%x in ("%3") do set FAILED=1
if not defined FAILED if %3 LSS %2 set FAILED=1
goto :eof

rem call :ask SCRIPT GET WHAT: sets VALUE to what it is, to unset, or to nothing when the answer is neither. The answers:
rem   Name    : (TYPE) value
rem   The parameter "Name" is not set at this node.
:ask
set VALUE=
echo cscript //nologo %*
if defined DRY set VALUE=unset
if defined DRY goto :eof
for /f "tokens=3-6" %%a in ('cscript //nologo %*') do call :answer "%%a" "%%b" "%%c" "%%d"
goto :eof
:answer
if (%2%3%4)==("is""not""set") set VALUE=unset
if (%1)==("(INTEGER)") for /f "delims=" %%x in (%2) do set VALUE=%%x
if (%1)==("(STRING)") set VALUE=a string
goto :eof

rem call :run SCRIPT VERB...: says it, runs it, and sets FAILED and WHY when it fails.
:run
call :system cscript //nologo %*
goto :eof

:restart
if exist "%SystemRoot%\system32\iisreset.exe" goto restart_2000
call :system net stop iisadmin /y
call :system net start w3svc
goto :eof
:restart_2000
call :system iisreset
goto :eof

:system
echo %*
if defined DRY goto :eof
call %*
rem adsutil.vbs ends with an HRESULT, which is negative.
if errorlevel 1 goto system_failed
if errorlevel 0 goto :eof
:system_failed
if defined UNDOING set UNDO_FAILED=1
if not defined FAILED set WHY=this failed: %*
set FAILED=1
set UNDOING=1
goto :eof
