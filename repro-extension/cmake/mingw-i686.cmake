# No emulator: Debian's 64-bit Wine doesn't run i686 programs, so here they are built and inspected
# only.
set(REPRO_ARCHITECTURE i686)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
