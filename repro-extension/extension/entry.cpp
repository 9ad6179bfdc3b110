// The exports of every DLL and its entry point.
#include "variant.hpp"

using repro::variant;

extern "C" BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID) {
    // A thread per request would otherwise come through here twice a request, under the loader's
    // lock.
    if (reason == DLL_PROCESS_ATTACH)
        DisableThreadLibraryCalls(module);
    return TRUE;
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the header is Windows's
extern "C" BOOL WINAPI GetExtensionVersion(HSE_VERSION_INFO* version) {
    version->dwExtensionVersion = MAKELONG(HSE_VERSION_MINOR, HSE_VERSION_MAJOR);
    lstrcpynA(version->lpszExtensionDesc, variant.name, HSE_MAX_EXT_DLL_NAME_LEN);
    return variant.start() ? TRUE : FALSE;
}

extern "C" DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* ecb) {
    return variant.process(*ecb);
}

extern "C" BOOL WINAPI TerminateExtension(DWORD) {
    variant.stop();
    return TRUE;
}
