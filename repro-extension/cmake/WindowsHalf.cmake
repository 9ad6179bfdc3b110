# Builds repro-extension for Windows from another system: an external project for each MinGW toolchain found, with its
# tests in this build's ctest.
include(ExternalProject)

option(REPRO_WINDOWS_HALF "Build the Windows half where MinGW is found" ON)
if(NOT REPRO_WINDOWS_HALF)
    return()
endif()

# Links to the header-only libraries alone: /usr/include itself would shadow MinGW's own headers.
set(includes ${CMAKE_BINARY_DIR}/windows-includes)
file(MAKE_DIRECTORY ${includes})
foreach(header boost/version.hpp fmt/core.h spdlog/spdlog.h doctest/doctest.h CLI/CLI.hpp)
    cmake_path(GET header PARENT_PATH library)
    find_path(REPRO_${library}_PARENT NAMES ${header} REQUIRED)
    file(CREATE_LINK ${REPRO_${library}_PARENT}/${library} ${includes}/${library} SYMBOLIC)
endforeach()

foreach(architecture x86_64 i686)
    find_program(REPRO_${architecture}_COMPILER
        NAMES ${architecture}-w64-mingw32-g++-posix ${architecture}-w64-mingw32-g++)
    if(NOT REPRO_${architecture}_COMPILER)
        message(STATUS "No MinGW compiler for ${architecture}: its Windows half is left out (scripts/setup.sh installs it)")
        continue()
    endif()
    ExternalProject_Add(windows-${architecture}
        SOURCE_DIR ${CMAKE_SOURCE_DIR}/repro-extension
        BINARY_DIR ${CMAKE_BINARY_DIR}/windows-${architecture}
        CMAKE_ARGS
            -DCMAKE_TOOLCHAIN_FILE=${CMAKE_SOURCE_DIR}/repro-extension/cmake/mingw-${architecture}.cmake
            -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}
            -DREPRO_LIBRARY_INCLUDES=${includes}
            -DREPRO_WARNINGS_AS_ERRORS=${REPRO_WARNINGS_AS_ERRORS}
        BUILD_ALWAYS ON
        USES_TERMINAL_BUILD ON # one at a time: each is a build of its own with as many jobs as there are cores
        INSTALL_COMMAND "")
    file(WRITE ${CMAKE_BINARY_DIR}/windows-${architecture}-tests.cmake "subdirs(windows-${architecture})\n")
    set_property(DIRECTORY APPEND PROPERTY
        TEST_INCLUDE_FILES ${CMAKE_BINARY_DIR}/windows-${architecture}-tests.cmake)
endforeach()
