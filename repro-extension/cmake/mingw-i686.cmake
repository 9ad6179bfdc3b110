# 32-bit Wine needs a root of its own (scripts/wine32.sh), so what has to be run is built on request only;
# else the programs are built and inspected.
set(REPRO_ARCHITECTURE i686)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
if(REPRO_RUN_I686)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/../../scripts/wine32.sh)
endif()
