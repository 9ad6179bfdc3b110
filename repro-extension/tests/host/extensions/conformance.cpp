// Makes one call that the query names, and answers with what it returned: "error text".
#include "events.hpp"
#include "extensions/threads.hpp"

#include <fmt/format.h>

#include <psapi.h>
#include <tlhelp32.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace {

using Block = EXTENSION_CONTROL_BLOCK;
using Buffer = std::array<char, 1024>;

DWORD call(Block* block, DWORD function, void* buffer = nullptr, DWORD* size = nullptr,
           void* type = nullptr) {
    return block->ServerSupportFunction(block->ConnID, function, buffer, size, static_cast<DWORD*>(type))
               ? 0
               : GetLastError();
}

Buffer holding(std::string_view text) {
    Buffer buffer{};
    std::memcpy(buffer.data(), text.data(), text.size());
    return buffer;
}

std::string map(Block* block, std::string_view url, DWORD size) {
    Buffer buffer = holding(url);
    const DWORD error = call(block, HSE_REQ_MAP_URL_TO_PATH, buffer.data(), &size);
    return fmt::format("{} {} {}", error, size, error == 0 ? buffer.data() : "");
}

std::string map_ex(Block* block, std::string_view url) {
    Buffer buffer = holding(url);
    auto size = static_cast<DWORD>(url.size());
    HSE_URL_MAPEX_INFO info{};
    const DWORD error = call(block, HSE_REQ_MAP_URL_TO_PATH_EX, buffer.data(), &size, &info);
    return fmt::format("{} {} {} {}", error, info.cchMatchingURL,
                       strlen(info.lpszPath) >= info.cchMatchingPath, info.lpszPath);
}

std::string normalized(Block* block, std::string_view url) {
    Buffer buffer = holding(url);
    const DWORD error = call(block, HSE_REQ_NORMALIZE_URL, buffer.data());
    return fmt::format("{} {}", error, buffer.data());
}

std::string connected(Block* block) {
    BOOL there = FALSE;
    const DWORD error = call(block, HSE_REQ_IS_CONNECTED, &there);
    return fmt::format("{} {}", error, there != FALSE);
}

std::string token(Block* block) {
    HANDLE handle = nullptr;
    const DWORD error = call(block, HSE_REQ_GET_IMPERSONATION_TOKEN, &handle);
    DWORD size = 0;
    GetTokenInformation(handle, TokenUser, nullptr, 0, &size);
    return fmt::format("{} {}", error, GetLastError() == ERROR_INSUFFICIENT_BUFFER ? "a token" : "no token");
}

/// What the host's process holds: for soaks.
std::string process() {
    DWORD handles = 0;
    GetProcessHandleCount(GetCurrentProcess(), &handles);
    if (handles == 0) { // Wine 8 does not tell; but a new handle gets the lowest number that is free
        auto* const event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
        handles = static_cast<DWORD>(reinterpret_cast<std::uintptr_t>(event) / 4);
        CloseHandle(event);
    }
    PROCESS_MEMORY_COUNTERS memory{};
    K32GetProcessMemoryInfo(GetCurrentProcess(), &memory, sizeof(memory));
    auto* const snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry{};
    entry.dwSize = sizeof(entry);
    unsigned threads = 0;
    for (BOOL there = Thread32First(snapshot, &entry); there; there = Thread32Next(snapshot, &entry))
        threads += entry.th32OwnerProcessID == GetCurrentProcessId() ? 1U : 0U;
    CloseHandle(snapshot);
    return fmt::format("{} {} {}", handles, threads, memory.WorkingSetSize / 1024);
}

std::string said(Block* block, std::string_view what) {
    char text[] = "a word";
    if (what == "map")
        return map(block, "/repro/sub/x.txt", 1024);
    if (what == "map-whole-site")
        return map(block, "/elsewhere/x.txt", 1024);
    if (what == "map-small")
        return map(block, "/rep", 4);
    if (what == "map-up")
        return map(block, "/repro/../x", 1024);
    if (what == "map-ex")
        return map_ex(block, "/repro/sub/x.txt");
    if (what == "normalize")
        return normalized(block, "/a%20b%2Fc");
    if (what == "normalize-wrong")
        return normalized(block, "/a%2");
    if (what == "connected")
        return connected(block);
    if (what == "token")
        return token(block);
    if (what == "log")
        return std::to_string(call(block, HSE_APPEND_LOG_PARAMETER, text));
    if (what == "acl")
        return std::to_string(call(block, HSE_REQ_REFRESH_ISAPI_ACL, text));
    if (what == "flush")
        return std::to_string(call(block, HSE_REQ_SET_FLUSH_FLAG));
    if (what == "no-buffer")
        return fmt::format("{} {} {} {} {} {} {} {}", call(block, HSE_REQ_IS_KEEP_CONN),
                           call(block, HSE_REQ_SEND_RESPONSE_HEADER_EX), call(block, HSE_REQ_MAP_URL_TO_PATH),
                           call(block, HSE_REQ_MAP_URL_TO_PATH_EX), call(block, HSE_APPEND_LOG_PARAMETER),
                           call(block, HSE_REQ_IS_CONNECTED), call(block, HSE_REQ_GET_IMPERSONATION_TOKEN),
                           call(block, HSE_REQ_NORMALIZE_URL));
    if (what == "process")
        return process();
    if (what == "unknown")
        return std::to_string(call(block, HSE_REQ_GET_SSPI_INFO));
    return "no such call";
}

} // namespace

DWORD WINAPI HttpExtensionProc(EXTENSION_CONTROL_BLOCK* block) {
    const std::string_view what = block->lpszQueryString;
    if (what == "redirect" || what == "redirect-split") {
        Buffer url = holding(what == "redirect" ? "http://there/x" : "/x\r\nEvil: 1");
        auto size = static_cast<DWORD>(strlen(url.data()));
        const DWORD error = call(block, HSE_REQ_SEND_URL_REDIRECT_RESP, url.data(), &size);
        if (error != 0)
            answer(block, std::to_string(error));
        return HSE_STATUS_SUCCESS;
    }
    if (what == "close") {
        call(block, HSE_REQ_CLOSE_CONNECTION);
        test::Event("closed").wait(); // a synchronous return would end the connection, too
        return HSE_STATUS_SUCCESS;
    }
    if (what == "abort") {
        call(block, HSE_REQ_ABORTIVE_CLOSE);
        return HSE_STATUS_SUCCESS;
    }
    answer(block, said(block, what));
    return HSE_STATUS_SUCCESS;
}
