# cmake -DDLL=FILE -DOBJDUMP=PROGRAM -DFORMAT=pei-i386|pei-x86-64 -DFUNCTIONS=FILE
#     -P nt4_check.cmake
# Refuses an extension that NT 4.0 SP6a would not load, with every reason. For a
# pei-x86-64 file, which is for another Windows anyway, the versions in the header don't matter.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${OBJDUMP} -p ${DLL} OUTPUT_VARIABLE dump COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${FUNCTIONS} allowed_functions REGEX "^[^#]")
set(reasons "")

# find(VARIABLE REGEX): the first group of the only match; objdump's form is not to change
# unnoticed.
function(find variable regex)
    if(NOT dump MATCHES "${regex}")
        message(FATAL_ERROR "cannot read objdump's output: no match of ${regex}")
    endif()
    set(${variable} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

find(format "file format ([^\n]+)")
if(NOT format STREQUAL FORMAT)
    list(APPEND reasons "it is ${format}, not ${FORMAT}")
endif()

if(FORMAT STREQUAL "pei-i386")
    foreach(part OSystem Subsystem)
        find(major "Major${part}Version[\t ]+([0-9]+)")
        find(minor "Minor${part}Version[\t ]+([0-9]+)")
        if("${major}.${minor}" VERSION_GREATER 4.0)
            list(APPEND reasons "${part} version ${major}.${minor} is above 4.0")
        endif()
    endforeach()
endif()

# The loader of NT 4.0 doesn't serve a TLS directory in a DLL that LoadLibrary loads.
find(tls "Entry 9 ([0-9a-f]+ [0-9a-f]+)")
if(NOT tls MATCHES "^0+ 0+$")
    list(APPEND reasons "it has a TLS directory")
endif()

string(REGEX MATCHALL "DLL Name: [^\n]+" libraries "${dump}")
foreach(library IN LISTS libraries)
    string(REPLACE "DLL Name: " "" library "${library}")
    if(NOT library STREQUAL "KERNEL32.dll")
        list(APPEND reasons "it imports from ${library}")
    endif()
endforeach()

# Address, hint, name; from binutils 2.43 or so on address, ordinal, hint, name.
string(REGEX MATCHALL "\n\t[0-9a-f]+(\t +[0-9]+|  [0-9a-z<>]+ +[0-9a-f]+)  [^\n]+" imports "${dump}")
if(NOT imports)
    message(FATAL_ERROR "cannot read objdump's output: no imports")
endif()
foreach(import IN LISTS imports)
    string(REGEX REPLACE ".* " "" import "${import}")
    if(NOT import IN_LIST allowed_functions)
        list(APPEND reasons "it imports ${import}, which is not in ${FUNCTIONS}")
    endif()
endforeach()

# Index, name; newer ones have a line with the columns' names, and an ordinal and a hint before the name.
string(REGEX REPLACE "\n\t +Ordinal[^\n]+" "" dump "${dump}")
find(exports "\\[Ordinal/Name Pointer\\] Table[^\n]*\n((\t\\[ *[0-9]+\\] [^\n]+\n)*)")
string(REGEX REPLACE "\t[^\n]* ([^ \n]+)\n" "\\1;" exports "${exports}")
foreach(export IN LISTS exports)
    if(export AND NOT export MATCHES "^(GetExtensionVersion|HttpExtensionProc|TerminateExtension)$")
        list(APPEND reasons "it exports ${export}")
    endif()
endforeach()
foreach(export GetExtensionVersion HttpExtensionProc TerminateExtension)
    if(NOT export IN_LIST exports)
        list(APPEND reasons "it doesn't export ${export}")
    endif()
endforeach()

if(reasons)
    list(JOIN reasons "\n  " reasons)
    message(FATAL_ERROR "${DLL} refused:\n  ${reasons}")
endif()
