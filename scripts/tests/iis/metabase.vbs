' Stands in for adsutil.vbs, and for inetinfo.vbs: records its arguments in commands.txt beside it, and keeps a metabase of
' "path=value" lines in metabase.txt. A command that holds the text in fail.txt ends as adsutil.vbs does when access is denied.
Option Explicit

Const AccessDenied = &H80070005, PropertyNotFound = &H80005006, PathNotFound = &H80070003
Const ForReading = 1, ForWriting = 2, ForAppending = 8
Dim Files, Here, Command, Keys, Values, Count, Path, Node, Name, i
Set Files = CreateObject("Scripting.FileSystemObject")
Here = Left(WScript.ScriptFullName, InStrRev(WScript.ScriptFullName, "\"))

Command = WScript.ScriptName
For i = 0 To WScript.Arguments.Count - 1
    Command = Command & " " & WScript.Arguments(i)
Next
Append "commands.txt", Command
If Files.FileExists(Here & "fail.txt") Then
    If InStr(Command, FirstLine("fail.txt")) > 0 Then Finish "ErrNumber: -2147024891 (0x80070005)", AccessDenied
End If

ReDim Keys(99), Values(99)
Count = 0
Load
Path = WScript.Arguments(1)
Node = Left(Path, InStrRev(Path, "/"))
If Node <> "" Then Node = Left(Node, Len(Node) - 1)
Name = Mid(Path, InStrRev(Path, "/") + 1)

Select Case WScript.Arguments(0)
Case "GET"
    i = Find(Path)
    If i >= 0 Then Finish Name & " : " & Values(i), 0
    If Node <> "" And Find(Node) < 0 Then Finish "ErrNumber: -2147024893 (0x80070003)", PathNotFound
    Finish "The parameter """ & Name & """ is not set at this node.", PropertyNotFound
Case "SET"
    If Node <> "" And Find(Node) < 0 Then Finish "ErrNumber: -2147024893 (0x80070003)", PathNotFound
    If IsNumeric(WScript.Arguments(2)) Then
        Put Path, "(INTEGER) " & WScript.Arguments(2)
    Else
        Put Path, "(STRING) """ & WScript.Arguments(2) & """"
    End If
Case "CREATE"
    If Find(Path) >= 0 Then Finish "ErrNumber: -2147024713 (0x800700B7)", &H800700B7
    Put Path, "(NODE) " & WScript.Arguments(2)
Case "APPCREATEINPROC"
    If Find(Path) < 0 Then Finish "ErrNumber: -2147024893 (0x80070003)", PathNotFound
    Put Path & "/AppRoot", "(STRING) """ & Path & """"
Case "APPDELETE"
    If Find(Path & "/AppRoot") < 0 Then Finish "ErrNumber: -2147024893 (0x80070003)", PathNotFound
    Drop Path & "/AppRoot"
Case "DELETE"
    If Find(Path) < 0 Then Finish "ErrNumber: -2147024893 (0x80070003)", PathNotFound
    Drop Path
Case Else
    Finish "Command not recognized: " & WScript.Arguments(0), 2
End Select
Store
WScript.Quit 0

Sub Finish(Sentence, Code)
    WScript.Echo Sentence
    WScript.Quit Code
End Sub

Function FirstLine(File)
    Dim Stream
    Set Stream = Files.OpenTextFile(Here & File, ForReading)
    FirstLine = Stream.ReadLine
    Stream.Close
End Function

Sub Append(File, Line)
    Dim Stream
    Set Stream = Files.OpenTextFile(Here & File, ForAppending, True)
    Stream.WriteLine Line
    Stream.Close
End Sub

Function Find(Key)
    Dim k
    Find = -1
    For k = 0 To Count - 1
        If Keys(k) = Key Then Find = k
    Next
End Function

Sub Put(Key, Value)
    Dim k
    k = Find(Key)
    If k < 0 Then
        k = Count
        Count = Count + 1
    End If
    Keys(k) = Key
    Values(k) = Value
End Sub

' With what is below it, as the metabase does.
Sub Drop(Key)
    Dim k, Left1
    Left1 = 0
    For k = 0 To Count - 1
        If Keys(k) <> Key And Left(Keys(k), Len(Key) + 1) <> Key & "/" Then
            Keys(Left1) = Keys(k)
            Values(Left1) = Values(k)
            Left1 = Left1 + 1
        End If
    Next
    Count = Left1
End Sub

Sub Load
    Dim Stream, Line, Equals
    If Not Files.FileExists(Here & "metabase.txt") Then Exit Sub
    Set Stream = Files.OpenTextFile(Here & "metabase.txt", ForReading)
    Do Until Stream.AtEndOfStream
        Line = Stream.ReadLine
        Equals = InStr(Line, "=")
        If Equals > 0 Then Put Left(Line, Equals - 1), Mid(Line, Equals + 1)
    Loop
    Stream.Close
End Sub

Sub Store
    Dim Stream, k
    Set Stream = Files.OpenTextFile(Here & "metabase.txt", ForWriting, True)
    For k = 0 To Count - 1
        Stream.WriteLine Keys(k) & "=" & Values(k)
    Next
    Stream.Close
End Sub
