// Crashes or hangs before its first request or after its last; which of these the build says.
#include "events.hpp"

#include <httpext.h>

namespace {

[[maybe_unused]] void crash() {
    *static_cast<volatile int*>(nullptr) = 1;
}

} // namespace

extern "C" BOOL WINAPI GetExtensionVersion(HSE_VERSION_INFO* info) {
#ifdef CRASH_AT_START
    crash();
#elif defined(HANG_AT_START)
    test::Event("start").wait();
#endif
    info->dwExtensionVersion = HSE_VERSION;
    return TRUE;
}

extern "C" DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    char text[] = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok";
    DWORD size = sizeof(text) - 1;
    block->WriteClient(block->ConnID, text, &size, 0);
    return HSE_STATUS_SUCCESS;
}

extern "C" BOOL WINAPI TerminateExtension(DWORD) {
#ifdef CRASH_AT_END
    crash();
#elif defined(HANG_AT_END)
    Sleep(INFINITE);
#endif
    return TRUE;
}
