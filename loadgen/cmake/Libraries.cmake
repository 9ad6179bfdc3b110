# The libraries by the names of their CMake packages, wherever they come from.
if(NOT REPRO_LIBRARY_INCLUDES)
    find_package(Boost 1.81 REQUIRED COMPONENTS program_options url)
    find_package(fmt REQUIRED)
    find_package(spdlog REQUIRED)
    find_package(doctest QUIET) # only loadgen-tests needs it
    find_package(Threads REQUIRED)
    find_package(OpenSSL)
    return()
endif()

# For MinGW Debian has none of them: headers do, but for two libraries of Boost's, which are compiled from
# their sources.
add_library(libraries INTERFACE)
target_include_directories(libraries SYSTEM INTERFACE ${REPRO_LIBRARY_INCLUDES})
foreach(library Boost::headers fmt::fmt spdlog::spdlog doctest::doctest)
    add_library(${library} INTERFACE IMPORTED)
    target_link_libraries(${library} INTERFACE libraries)
endforeach()
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
target_link_libraries(spdlog::spdlog INTERFACE fmt::fmt)
find_package(Threads REQUIRED)

foreach(library program_options url)
    file(GLOB_RECURSE sources ${LOADGEN_BOOST_SOURCES}/${library}/*.cpp)
    add_library(boost-${library} STATIC ${sources})
    target_link_libraries(boost-${library} PUBLIC libraries)
    set_target_properties(boost-${library} PROPERTIES CXX_STANDARD 20)
    add_library(Boost::${library} ALIAS boost-${library})
endforeach()
