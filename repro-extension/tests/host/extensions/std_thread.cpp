// The fault as C++ programs have it: a std::thread for each request, which the C run-time begins.
#include <httpext.h>

#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

namespace {

std::mutex guard;
// They are joined at the end only. Detached ones would do, but winpthreads gives the memory of one that
// ends to the next while it still writes to it: under load a thread begins with a null argument (seen
// with MinGW-w64 10 under Wine 8).
std::vector<std::thread> threads;

void answer(EXTENSION_CONTROL_BLOCK* block) {
    char text[] = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok";
    DWORD size = sizeof(text) - 1;
    block->WriteClient(block->ConnID, text, &size, 0);
    block->ServerSupportFunction(block->ConnID, HSE_REQ_DONE_WITH_SESSION, nullptr, nullptr, nullptr);
}

} // namespace

extern "C" BOOL WINAPI GetExtensionVersion(HSE_VERSION_INFO* info) {
    info->dwExtensionVersion = HSE_VERSION;
    std::strcpy(info->lpszExtensionDesc, "std::thread for each request");
    return TRUE;
}

extern "C" DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    const std::lock_guard lock(guard);
    threads.emplace_back(answer, block);
    return HSE_STATUS_PENDING;
}

extern "C" BOOL WINAPI TerminateExtension(DWORD) {
    for (std::thread& thread : threads)
        thread.join();
    threads.clear();
    return TRUE;
}
