# How ISAPI extensions are built that NT 4.0 SP6a still loads: kernel32 alone, without C run-time.
# To be included by each folder that makes some.

# Its checks live in the run-time.
string(REPLACE "/RTC1" "" CMAKE_CXX_FLAGS_DEBUG "${CMAKE_CXX_FLAGS_DEBUG}")

function(extension_compile_settings target)
    repro_warnings(${target})
    target_compile_definitions(${target} PRIVATE WIN32_LEAN_AND_MEAN NOMINMAX)
    if(MSVC)
        # What of the library isn't header-only is switched off: vectorised algorithms, exceptions,
        # debug iterators.
        target_compile_definitions(${target} PRIVATE _USE_STD_VECTOR_ALGORITHMS=0 _HAS_EXCEPTIONS=0)
        target_compile_options(${target} PRIVATE /EHs-c- /GR- /GS- /Zl)
        set_target_properties(${target} PROPERTIES MSVC_RUNTIME_LIBRARY MultiThreaded)
    else()
        # 0x0400: what is newer than NT 4.0 isn't even declared. Microsoft's own headers no longer
        # go back so far.
        target_compile_definitions(${target} PRIVATE _WIN32_WINNT=0x0400)
        target_compile_options(${target} PRIVATE -fno-exceptions -fno-rtti -fno-stack-protector)
    endif()
endfunction()

# add_extension(NAME SOURCE [PART...]): NAME.dll. The parts are those of extension/.
function(add_extension name source)
    set(shared ${repro-extension_SOURCE_DIR}/extension)
    add_library(${name} MODULE ${source} ${shared}/extension.def)
    extension_compile_settings(${name})
    target_include_directories(${name} PRIVATE ${shared})
    target_link_libraries(${name} PRIVATE extension-shared ${ARGN} kernel32)
    set_target_properties(${name} PROPERTIES
        PREFIX "" LIBRARY_OUTPUT_DIRECTORY "$<1:${CMAKE_CURRENT_BINARY_DIR}>")
    if(MSVC)
        target_link_options(${name} PRIVATE /NODEFAULTLIB /ENTRY:DllMain /INCREMENTAL:NO)
    else()
        # On x86 stdcall names are decorated, in the entry point's name as in the exports'.
        set(entry $<IF:$<EQUAL:${CMAKE_SIZEOF_VOID_P},4>,_DllMain@12,DllMain>)
        target_link_options(${name} PRIVATE -nostdlib -Wl,--entry=${entry} -Wl,--enable-stdcall-fixup)
    endif()
endfunction()
