<#
.SYNOPSIS
Installs the DLLs of the KB 813531 reproduction in IIS 7.0 to 10.0, or removes them.

.DESCRIPTION
Gives the DLLs beside it, in the folder x86_64 (or i686), the URL http://SERVER/repro/NAME.dll: an application pool of its own, an
application in it, the right to execute, a handler, and each DLL allowed in ISAPI and CGI Restrictions. -Remove undoes each step, in
reverse. A step that fails is undone with those before it. These versions of IIS can't have the bug: they are the negative control.

powershell -ExecutionPolicy Bypass -File install-iis7.ps1 [-Remove] [-DryRun] [-Bits 32] [-Name NAME] [-Site SITE]

Exit code: 0 done, 1 not, with a sentence that says why.

.PARAMETER Remove
Undo the installation. Give the -Name and -Site of then.

.PARAMETER DryRun
Only say what would be run, in order. --dry-run is the same.

.PARAMETER Bits
64 or 32: which DLLs, and so which worker process (64; 32 on a 32-bit Windows).

.PARAMETER Name
Name of the application and its pool (repro).

.PARAMETER Site
Name of the web site (Default Web Site).
#>

# Written for Windows PowerShell 2.0 (Server 2008 R2) to 5.1; it has never been run. Where the commands are from:
#   apppool               applicationPools <add> in Microsoft's IIS configuration reference (learn.microsoft.com/iis/configuration)
#   app                   application <application> there
#   isapiCgiRestriction   isapiCgiRestriction <add> there; "Add an ISAPI or CGI Restriction (IIS 7)" (cc732851)
#   handlers              handlers element, IIS settings schema (ms689475), and requireAccess, IScriptMapInfo::GetRequiredAccess (ms689163)
#   clear config, list, the Components key   as public scripts use them; no document of Microsoft's was at hand
# appcmd.exe rather than the WebAdministration cmdlets: it is the same in all these versions, needs no module, and what a dry run
# prints can be typed.
param(
    [switch]$Remove,
    [switch]$DryRun,
    [string]$Bits = '',
    [string]$Name = 'repro',
    [string]$Site = 'Default Web Site',
    [switch]$Help,
    [Parameter(Position = 0, ValueFromRemainingArguments = $true)][string[]]$Rest = @()
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# $PSScriptRoot came with PowerShell 3.0.
$script = $MyInvocation.MyCommand.Path
$here = Split-Path -Parent $script

function Stop-Here([string]$Sentence) {
    [Console]::Error.WriteLine('install-iis7.ps1: ' + $Sentence)
    exit 1
}

foreach ($word in $Rest) {
    if ($word -eq '--dry-run' -or $word -eq '/dry-run') { $DryRun = $true }
    elseif ($word -eq '--remove' -or $word -eq 'remove') { $Remove = $true }
    elseif ($word -eq '--help' -or $word -eq '-h' -or $word -eq '/?') { $Help = $true }
    elseif ($word -ne 'install' -and $word -ne '') { Stop-Here "unknown option '$word' (see -Help)" }
}
if ($Help) {
    Get-Help $script -Detailed
    exit 0
}

# The registry of a 64-bit Windows as its 32-bit PowerShell sees it has another InetStp, and system32 is not where appcmd.exe is.
if ($env:PROCESSOR_ARCHITEW6432) { Stop-Here 'this is the 32-bit PowerShell of a 64-bit Windows; use the other' }
if ($Bits -eq '') {
    if ($env:PROCESSOR_ARCHITECTURE -eq 'x86') { $Bits = '32' } else { $Bits = '64' }
}
if ($Bits -ne '32' -and $Bits -ne '64') { Stop-Here "-Bits is 32 or 64, not '$Bits'" }
if ($Name -notmatch '^[A-Za-z0-9._-]+$') { Stop-Here "-Name '$Name' has other than letters, digits, dot, dash and underscore" }

$appcmd = "$env:windir\system32\inetsrv\appcmd.exe"
$application = "$Site/$Name"
$variants = 'thread-per-request', 'thread-pool', 'keep-alive', 'keep-alive-pool', 'synchronous'

# As it would be typed in cmd.exe.
function Format-Command([string[]]$Arguments) {
    $text = 'appcmd'
    foreach ($argument in $Arguments) {
        if ($argument -match '[\s\[]') { $text += ' "' + $argument + '"' } else { $text += ' ' + $argument }
    }
    return $text
}

# Says a command, runs it unless this is a dry run, and tells whether it went well.
function Invoke-Appcmd([string[]]$Arguments) {
    Write-Host (Format-Command $Arguments)
    if ($DryRun) { return $true }
    $answer = & $appcmd $Arguments
    if ($LASTEXITCODE -eq 0) { return $true }
    Write-Host ($answer -join [Environment]::NewLine)
    return $false
}

# What appcmd lists: nothing when there is no such object.
function Get-FromAppcmd([string[]]$Arguments) {
    $answer = & $appcmd $Arguments
    if ($LASTEXITCODE -ne 0) { return '' }
    return (@($answer) -join '').Trim()
}

function New-Step([string[]]$Change, [string[]]$Undo) {
    return New-Object PSObject -Property @{ Change = $Change; Undo = $Undo }
}

# Every change with what undoes it; a change that goes with the thing it was made to has nothing.
function Get-Steps([string]$Folder, [string]$Enable32Bit) {
    New-Step @('add', 'apppool', "/name:$Name") @('delete', 'apppool', $Name)
    New-Step @('set', 'apppool', "/apppool.name:$Name", "/enable32BitAppOnWin64:$Enable32Bit") @()
    New-Step @('set', 'apppool', "/apppool.name:$Name", '/managedRuntimeVersion:') @()
    New-Step @('add', 'app', "/site.name:$Site", "/path:/$Name", "/physicalPath:$Folder") @('delete', 'app', $application)
    New-Step @('set', 'app', $application, "/applicationPool:$Name") @()
    # In applicationHost.config: a web.config would need the section unlocked, and would lie beside the DLLs.
    New-Step @('set', 'config', $application, '/section:system.webServer/handlers', '/accessPolicy:Read,Execute,Script', '/commit:apphost') `
        @('clear', 'config', $application, '/section:system.webServer/handlers', '/commit:apphost')
    New-Step @('set', 'config', $application, '/section:system.webServer/handlers',
        "/+[name='$Name',path='*.dll',verb='*',modules='IsapiModule',resourceType='File',requireAccess='Execute']", '/commit:apphost') `
        @('set', 'config', $application, '/section:system.webServer/handlers', "/-[name='$Name']", '/commit:apphost')
    foreach ($variant in $variants) {
        $dll = "$Folder\$variant.dll"
        New-Step @('set', 'config', '/section:system.webServer/security/isapiCgiRestriction',
            "/+[path='$dll',allowed='true',description='KB 813531 reproduction']", '/commit:apphost') `
            @('set', 'config', '/section:system.webServer/security/isapiCgiRestriction', "/-[path='$dll']", '/commit:apphost')
    }
}

# Undoes the steps in reverse; tells whether all of it went well.
function Undo-Steps([object[]]$Steps) {
    $good = $true
    for ($i = $Steps.Count - 1; $i -ge 0; $i--) {
        if ($Steps[$i].Undo.Count -gt 0) {
            if (-not (Invoke-Appcmd $Steps[$i].Undo)) { $good = $false }
        }
    }
    return $good
}

function Assert-Ready {
    $identity = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
    if (-not $identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
        Stop-Here 'not an administrator: start PowerShell with "Run as administrator"'
    }
    $components = Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\InetStp\Components' -ErrorAction SilentlyContinue
    foreach ($feature in 'W3SVC', 'ISAPIExtensions') {
        $there = $components -and $components.PSObject.Properties[$feature] -and $components.$feature -eq 1
        if (-not $there) {
            Stop-Here ("the IIS feature $feature is missing: Install-WindowsFeature Web-Server, Web-ISAPI-Ext (Server 2008 R2: " +
                'Import-Module ServerManager; Add-WindowsFeature Web-Server, Web-ISAPI-Ext; a desktop Windows: dism /online ' +
                '/enable-feature /featurename:IIS-ISAPIExtensions /all)')
        }
    }
    if (-not (Test-Path $appcmd)) { Stop-Here "$appcmd is missing: is this IIS 7.0 or later?" }
}

if (-not $DryRun) { Assert-Ready }

if ($Remove) {
    if (-not $DryRun) {
        # What is at that path tells whether it's ours, and which DLLs were taken.
        $path = Get-FromAppcmd @('list', 'vdir', "$application/", '/text:physicalPath')
        if ($path -eq "$here\i686") { $Bits = '32' }
        elseif ($path -eq "$here\x86_64") { $Bits = '64' }
        else { Stop-Here "'$application' is not an application that this script installed from $here" }
    }
}
$folder = "$here\x86_64"
$enable32Bit = 'false'
if ($Bits -eq '32') {
    $folder = "$here\i686"
    $enable32Bit = 'true'
}
$steps = @(Get-Steps $folder $enable32Bit)

if ($Remove) {
    if (-not (Undo-Steps $steps)) { Stop-Here 'not everything could be undone; see above' }
    if (-not $DryRun) { Write-Host 'removed' }
    exit 0
}

if (-not $DryRun) {
    if (-not (Test-Path "$folder\thread-per-request.dll")) { Stop-Here "the DLLs are not in ${folder}: copy the whole package" }
    if (-not (Get-FromAppcmd @('list', 'site', $Site))) { Stop-Here "there is no site '$Site'; -Site names another" }
    foreach ($kind in 'app', 'apppool') {
        $object = $Name
        if ($kind -eq 'app') { $object = $application }
        if (Get-FromAppcmd @('list', $kind, $object)) {
            Stop-Here "the $kind '$object' is there already; remove it with -Remove, or choose another -Name"
        }
    }
}
$done = @()
foreach ($step in $steps) {
    if (-not (Invoke-Appcmd $step.Change)) {
        Write-Host 'that failed; undoing what was done:'
        $undone = Undo-Steps $done
        if (-not $undone) { Stop-Here 'not installed, and not everything could be undone; see above' }
        Stop-Here 'not installed; see above'
    }
    $done += $step
}
if (-not $DryRun) { Write-Host "installed: http://SERVER/$Name/thread-per-request.dll; install-iis7.ps1 -Remove undoes it" }
exit 0
