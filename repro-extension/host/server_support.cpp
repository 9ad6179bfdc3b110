#include "server_support.hpp"

#include <array>
#include <new>

namespace host {
namespace {

/// `cch` characters, but never past a NUL: extensions disagree on whether the length counts it.
std::string_view bounded(const char* text, DWORD cch) noexcept {
    return text == nullptr ? std::string_view() : std::string_view(text, strnlen(text, cch));
}

// lpvBuffer: the status, "200 OK", or null. lpdwDataType: the headers, or null.
// NOLINTNEXTLINE(readability-non-const-parameter): all in the table have one type
DWORD send_response_header(ControlBlock& block, void* buffer, DWORD*, DWORD* type) {
    const auto* status = static_cast<const char*>(buffer);
    const auto* headers = reinterpret_cast<const char*>(type);
    return block.send_head(status == nullptr ? "" : status, headers == nullptr ? "" : headers, std::nullopt);
}

DWORD send_response_header_ex(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    const auto* info = static_cast<const HSE_SEND_HEADER_EX_INFO*>(buffer);
    if (info == nullptr)
        return ERROR_INVALID_PARAMETER;
    return block.send_head(bounded(info->pszStatus, info->cchStatus),
                           bounded(info->pszHeader, info->cchHeader), info->fKeepConn != FALSE);
}

// lpvBuffer: a DWORD HSE_STATUS_*, or null for HSE_STATUS_SUCCESS.
DWORD done_with_session(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    block.done(buffer == nullptr ? HSE_STATUS_SUCCESS : *static_cast<const DWORD*>(buffer));
    return 0;
}

DWORD is_keep_conn(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    if (buffer == nullptr)
        return ERROR_INVALID_PARAMETER;
    *static_cast<BOOL*>(buffer) = block.request().keep_alive ? TRUE : FALSE;
    return 0;
}

struct Function {
    DWORD number;
    DWORD (*call)(ControlBlock&, void* buffer, DWORD* size, DWORD* type);
};

constexpr auto functions = std::to_array<Function>({
    {HSE_REQ_SEND_RESPONSE_HEADER, &send_response_header},
    {HSE_REQ_DONE_WITH_SESSION, &done_with_session},
    {HSE_REQ_IS_KEEP_CONN, &is_keep_conn},
    {HSE_REQ_SEND_RESPONSE_HEADER_EX, &send_response_header_ex},
});

const Function* find_function(DWORD number) noexcept {
    for (const Function& function : functions)
        if (function.number == number)
            return &function;
    return nullptr;
}

} // namespace

DWORD server_support(ControlBlock& block, DWORD function, void* buffer, DWORD* size, DWORD* type) noexcept {
    const Function* found = find_function(function);
    if (found == nullptr)
        return ERROR_INVALID_PARAMETER;
    try {
        return found->call(block, buffer, size, type);
    } catch (const std::bad_alloc&) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
}

} // namespace host
