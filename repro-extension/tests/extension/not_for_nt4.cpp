// A DLL with everything nt4_check.cmake refuses: a function of Vista, a second library, a TLS
// directory, decorated and missing exports; its header asks for Windows 6.0.
#define _WIN32_WINNT 0x0600
#include <windows.h>

extern "C" {

// The linker makes the directory from the symbol of this name.
extern const IMAGE_TLS_DIRECTORY _tls_used;
const IMAGE_TLS_DIRECTORY _tls_used{};

__declspec(dllexport) BOOL WINAPI TerminateExtension(DWORD) {
    return GetTickCount64() != 0 && MessageBeep(MB_OK);
}

BOOL WINAPI DllMain(HINSTANCE, DWORD, LPVOID) {
    return TRUE;
}
}
