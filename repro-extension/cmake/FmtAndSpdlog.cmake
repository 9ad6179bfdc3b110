# fmt-and-spdlog: the two libraries for MinGW, from the headers in REPRO_LIBRARY_INCLUDES.
add_library(fmt-and-spdlog STATIC ${CMAKE_CURRENT_LIST_DIR}/../libraries/fmt_and_spdlog.cpp)
target_include_directories(fmt-and-spdlog SYSTEM PUBLIC ${REPRO_LIBRARY_INCLUDES})
target_compile_definitions(fmt-and-spdlog PUBLIC SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL
    _WIN32_WINNT=0x0601 WIN32_LEAN_AND_MEAN NOMINMAX)
set_target_properties(fmt-and-spdlog PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
