# Builds both programs for Windows from another system: external projects for each MinGW toolchain
# found, with their tests in this build's ctest.
include(ExternalProject)

option(REPRO_WINDOWS_HALF "Build the Windows half where MinGW is found" ON)
option(REPRO_RUN_I686 "Build and run the tests of the 32-bit half, too (scripts/wine32.sh)" OFF)
if(NOT REPRO_WINDOWS_HALF)
    return()
endif()

# Links to the header-only libraries alone: /usr/include itself would shadow MinGW's own headers.
set(includes ${CMAKE_BINARY_DIR}/windows-includes)
file(MAKE_DIRECTORY ${includes})
foreach(header boost/version.hpp fmt/core.h spdlog/spdlog.h CLI/CLI.hpp doctest/doctest.h)
    cmake_path(GET header PARENT_PATH library)
    if(NOT library STREQUAL doctest) # only the tests need it
        set(required REQUIRED)
    else()
        set(required "")
    endif()
    find_path(REPRO_${library}_PARENT NAMES ${header} ${required})
    if(REPRO_${library}_PARENT)
        file(CREATE_LINK ${REPRO_${library}_PARENT}/${library} ${includes}/${library} SYMBOLIC)
    endif()
endforeach()

# What a project of its own looked for is looked for again whenever this one is configured, as
# build.sh does each time: it may have been installed since.
file(TOUCH ${CMAKE_BINARY_DIR}/configured)

# windows_project(NAME ARCHITECTURE SOURCE FOLDER [ARGUMENT...]): SOURCE built in FOLDER of the
# build tree, its tests there.
function(windows_project name architecture source folder)
    ExternalProject_Add(${name}
        SOURCE_DIR ${CMAKE_SOURCE_DIR}/${source}
        BINARY_DIR ${CMAKE_BINARY_DIR}/${folder}
        CMAKE_ARGS
            -DCMAKE_TOOLCHAIN_FILE=${CMAKE_SOURCE_DIR}/repro-extension/cmake/mingw-${architecture}.cmake
            -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}
            -DREPRO_LIBRARY_INCLUDES=${includes}
            -DREPRO_WARNINGS_AS_ERRORS=${REPRO_WARNINGS_AS_ERRORS}
            -DREPRO_RUN_I686=${REPRO_RUN_I686}
            ${ARGN}
        BUILD_ALWAYS ON
        # One at a time: each is a build of its own with as many jobs as there are cores.
        USES_TERMINAL_BUILD ON
        INSTALL_COMMAND "")
    ExternalProject_Add_Step(${name} look-again
        DEPENDEES patch DEPENDERS configure DEPENDS ${CMAKE_BINARY_DIR}/configured)
    ExternalProject_Add_StepTargets(${name} configure)
    file(WRITE ${CMAKE_BINARY_DIR}/${name}-tests.cmake "subdirs(${folder})\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${CMAKE_BINARY_DIR}/${name}-tests.cmake)
endfunction()

foreach(architecture x86_64 i686)
    find_program(REPRO_${architecture}_COMPILER
        NAMES ${architecture}-w64-mingw32-g++-posix ${architecture}-w64-mingw32-g++)
    if(REPRO_${architecture}_COMPILER)
        windows_project(windows-${architecture} ${architecture} repro-extension windows-${architecture})
    else()
        message(STATUS "No MinGW compiler for ${architecture}: its Windows half is left out "
            "(scripts/setup.sh tests installs it)")
    endif()
endforeach()

# Of the whole project only what the main job runs: its tests take longer to build than the rest.
function(reproduction target architecture)
    if(TARGET windows-${architecture})
        add_custom_target(windows-${target}
            COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR}/windows-${architecture} --target reproduction
            USES_TERMINAL VERBATIM)
        add_dependencies(windows-${target} windows-${architecture}-configure)
        add_dependencies(${target} windows-${target})
    endif()
endfunction()
reproduction(reproduction x86_64)
add_custom_target(reproduction-i686)
add_dependencies(reproduction-i686 loadgen)
reproduction(reproduction-i686 i686)

# loadgen for Windows: two libraries of Boost's are more than headers, and are compiled from Boost's
# own sources.
set(REPRO_BOOST_SOURCES ${CMAKE_SOURCE_DIR}/build/boost-sources
    CACHE PATH "Folder with the sources of Boost.Program_options and Boost.URL (scripts/setup.sh tests fetches them)")
if(NOT EXISTS ${REPRO_BOOST_SOURCES}/version)
    message(STATUS "No sources of Boost's libraries in ${REPRO_BOOST_SOURCES}: "
        "loadgen for Windows is left out (scripts/setup.sh tests fetches them)")
elseif(REPRO_x86_64_COMPILER)
    windows_project(windows-loadgen x86_64 loadgen windows-x86_64/loadgen
        -DLOADGEN_BOOST_SOURCES=${REPRO_BOOST_SOURCES})
endif()
