' A DWORD of IIS 4.0/5.0's own registry key, for install-iis5.cmd: neither NT 4.0 nor Windows 2000 has a reg.exe.
' usage: cscript //nologo inetinfo.vbs GET|SET|DELETE NAME [VALUE]
' It answers as adsutil.vbs does. RegRead, RegWrite and RegDelete: Windows Script Host reference, WshShell object.
Option Explicit

Const Key = "HKLM\System\CurrentControlSet\Services\InetInfo\Parameters\"
Const NotThere = &H80070002 ' what RegRead ends with when the key is there and the value is not

Dim Shell, Verb, Name, Value, Number
Set Shell = CreateObject("WScript.Shell")
If WScript.Arguments.Count < 2 Then
    WScript.Echo "usage: cscript //nologo inetinfo.vbs GET|SET|DELETE NAME [VALUE]"
    WScript.Quit 1
End If
Verb = UCase(WScript.Arguments(0))
Name = WScript.Arguments(1)

On Error Resume Next
Select Case Verb
Case "GET"
    Value = Shell.RegRead(Key & Name)
    Number = Err.Number
    If Number = 0 Then
        WScript.Echo Name & " : (INTEGER) " & Value
    ElseIf Number = NotThere Then
        WScript.Echo "The parameter """ & Name & """ is not set in the registry."
    End If
Case "SET"
    Value = CLng(WScript.Arguments(2))
    Shell.RegWrite Key & Name, Value, "REG_DWORD"
    Number = Err.Number
Case "DELETE"
    Shell.RegDelete Key & Name
    Number = Err.Number
Case Else
    Number = 1
End Select

If Number <> 0 Then
    WScript.Echo "inetinfo.vbs: " & Verb & " " & Key & Name & " failed with error " & Number
End If
WScript.Quit Number
