#include "extensions/threads.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace {
std::mutex guard;
std::vector<HANDLE> threads;
} // namespace

BOOL WINAPI GetExtensionVersion(HSE_VERSION_INFO* info) {
    info->dwExtensionVersion = HSE_VERSION;
    lstrcpynA(info->lpszExtensionDesc, "test extension", HSE_MAX_EXT_DLL_NAME_LEN);
    return TRUE;
}

BOOL WINAPI TerminateExtension(DWORD) {
    const std::lock_guard lock(guard);
    for (const HANDLE thread : threads) {
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
    threads.clear();
    return TRUE;
}

HANDLE start_thread(LPTHREAD_START_ROUTINE routine, EXTENSION_CONTROL_BLOCK* block) {
    const std::lock_guard lock(guard);
    return threads.emplace_back(CreateThread(nullptr, 0, routine, block, 0, nullptr));
}

void answer(EXTENSION_CONTROL_BLOCK* block, std::string_view body, bool ex, bool keep) {
    std::string headers = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    std::string status = "200 OK";
    if (ex) {
        HSE_SEND_HEADER_EX_INFO info{status.c_str(), headers.c_str(), static_cast<DWORD>(status.size()),
                                     static_cast<DWORD>(headers.size()), keep};
        block->ServerSupportFunction(block->ConnID, HSE_REQ_SEND_RESPONSE_HEADER_EX, &info, nullptr, nullptr);
    } else {
        block->ServerSupportFunction(block->ConnID, HSE_REQ_SEND_RESPONSE_HEADER, status.data(), nullptr,
                                     reinterpret_cast<LPDWORD>(headers.data()));
    }
    if (std::string_view(block->lpszMethod) != "HEAD") {
        std::string text(body);
        auto size = static_cast<DWORD>(text.size());
        block->WriteClient(block->ConnID, text.data(), &size, HSE_IO_SYNC);
    }
}

void done(EXTENSION_CONTROL_BLOCK* block) {
    DWORD status = query_has(block, "keep") ? HSE_STATUS_SUCCESS_AND_KEEP_CONN : HSE_STATUS_SUCCESS;
    block->ServerSupportFunction(block->ConnID, HSE_REQ_DONE_WITH_SESSION, &status, nullptr, nullptr);
}

bool query_has(const EXTENSION_CONTROL_BLOCK* block, std::string_view word) {
    return std::string_view(block->lpszQueryString).find(word) != std::string_view::npos;
}
