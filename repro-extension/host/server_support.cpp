#include "server_support.hpp"

#include "handles.hpp"
#include "log.hpp"
#include "script_path.hpp"
#include "utf8.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace host {
namespace {

constexpr DWORD longest_url = 16 * 1024; // longer ones no request has

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

// lpvBuffer: the URL; lpdwSize: its length.
DWORD send_url_redirect(ControlBlock& block, void* buffer, DWORD* size, DWORD*) {
    const std::string_view url =
        bounded(static_cast<const char*>(buffer), size == nullptr ? longest_url : *size);
    if (url.empty() || url.find_first_of("\r\n") != std::string_view::npos)
        return ERROR_INVALID_PARAMETER;
    const std::string_view body =
        "<html><head><title>302</title></head><body>The document has moved.</body></html>\n";
    return block.send_head(
        "302 Object Moved",
        fmt::format("Location: {}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{}", url,
                    body.size(), body),
        std::nullopt);
}

struct MappedPath {
    std::string path;
    std::size_t matching_path; ///< how much of it is the folder's
    std::size_t matching_url;  ///< how much of the URL stands for the folder
};

// The site is the folder of --root, under the prefix and as a whole. Nothing where the URL leads out.
std::optional<MappedPath> mapped(const ControlBlock& block, std::string_view url) {
    const ScriptPath& script = block.path();
    const std::string_view prefix(script.script.data(), script.script.size() - script.name.size() - 1);
    MappedPath result{
        .path = to_utf8(block.extension().file().parent_path()), .matching_path = 0, .matching_url = 0};
    result.matching_path = result.path.size();
    if (leads_up(url))
        return std::nullopt;
    if (url.starts_with(prefix) && (url.size() == prefix.size() || url[prefix.size()] == '/'))
        result.matching_url = prefix.size();
    result.path += url.substr(result.matching_url);
    std::ranges::replace(result.path, '/', '\\');
    return result;
}

// lpvBuffer: the URL, replaced by the path; lpdwSize: the buffer's size, replaced by the path's.
DWORD map_url_to_path(ControlBlock& block, void* buffer, DWORD* size, DWORD*) {
    if (buffer == nullptr || size == nullptr)
        return ERROR_INVALID_PARAMETER;
    const auto found = mapped(block, bounded(static_cast<const char*>(buffer), *size));
    if (!found)
        return ERROR_INVALID_PARAMETER;
    const auto needed = static_cast<DWORD>(found->path.size() + 1);
    if (std::exchange(*size, needed) < needed)
        return ERROR_INSUFFICIENT_BUFFER;
    std::memcpy(buffer, found->path.c_str(), needed);
    return 0;
}

// lpvBuffer: the URL; lpdwSize: its length; lpdwDataType: where the answer goes.
DWORD map_url_to_path_ex(ControlBlock& block, void* buffer, DWORD* size, DWORD* type) {
    auto* const info = reinterpret_cast<HSE_URL_MAPEX_INFO*>(type);
    if (buffer == nullptr || info == nullptr)
        return ERROR_INVALID_PARAMETER;
    const auto found =
        mapped(block, bounded(static_cast<const char*>(buffer), size == nullptr ? longest_url : *size));
    if (!found)
        return ERROR_INVALID_PARAMETER;
    if (found->path.size() >= sizeof(info->lpszPath))
        return ERROR_INSUFFICIENT_BUFFER;
    *info = {};
    std::memcpy(&info->lpszPath[0], found->path.c_str(), found->path.size() + 1);
    info->dwFlags = HSE_URL_FLAGS_READ | HSE_URL_FLAGS_EXECUTE | HSE_URL_FLAGS_SCRIPT;
    info->cchMatchingPath = static_cast<DWORD>(found->matching_path);
    info->cchMatchingURL = static_cast<DWORD>(found->matching_url);
    return 0;
}

// lpvBuffer: what is to stand in the log.
DWORD append_log_parameter(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    if (buffer == nullptr)
        return ERROR_INVALID_PARAMETER;
    spdlog::info("{} logs: {}", block.extension().name(),
                 bounded(static_cast<const char*>(buffer), longest_url));
    return 0;
}

// lpvBuffer: a BOOL for the answer.
DWORD is_connected(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    if (buffer == nullptr)
        return ERROR_INVALID_PARAMETER;
    *static_cast<BOOL*>(buffer) = block.connection().peer_is_there() ? TRUE : FALSE;
    return 0;
}

DWORD abortive_close(ControlBlock& block, void*, DWORD*, DWORD*) {
    block.end_connection(true);
    return 0;
}

DWORD close_connection(ControlBlock& block, void*, DWORD*, DWORD*) {
    block.end_connection(false);
    return 0;
}

// There is no metabase whose list could have changed, and nothing is buffered that could be flushed.
DWORD nothing_to_do(ControlBlock&, void*, DWORD*, DWORD*) {
    return 0;
}

// lpvBuffer: a HANDLE for the token. Everybody is anonymous here, and anonymous is who runs the host.
DWORD impersonation_token(ControlBlock&, void* buffer, DWORD*, DWORD*) {
    static const UniqueHandle token = [] {
        HANDLE handle = nullptr;
        OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE | TOKEN_IMPERSONATE, &handle);
        return UniqueHandle(handle);
    }();
    if (buffer == nullptr || !token)
        return ERROR_INVALID_PARAMETER;
    *static_cast<HANDLE*>(buffer) = token.get();
    return 0;
}

// lpvBuffer: the URL, decoded where it stands.
DWORD normalize_url(ControlBlock&, void* buffer, DWORD*, DWORD*) {
    auto* const url = static_cast<char*>(buffer);
    const auto decoded = percent_decoded(bounded(url, longest_url));
    if (url == nullptr || !decoded)
        return ERROR_INVALID_PARAMETER;
    std::memcpy(url, decoded->c_str(), decoded->size() + 1); // it is never longer
    return 0;
}

struct Function {
    DWORD number;
    DWORD (*call)(ControlBlock&, void* buffer, DWORD* size, DWORD* type);
};

constexpr auto functions = std::to_array<Function>({
    {HSE_REQ_SEND_URL_REDIRECT_RESP, &send_url_redirect},
    {HSE_REQ_SEND_RESPONSE_HEADER, &send_response_header},
    {HSE_REQ_DONE_WITH_SESSION, &done_with_session},
    {HSE_REQ_MAP_URL_TO_PATH, &map_url_to_path},
    {HSE_APPEND_LOG_PARAMETER, &append_log_parameter},
    {HSE_REQ_REFRESH_ISAPI_ACL, &nothing_to_do},
    {HSE_REQ_IS_KEEP_CONN, &is_keep_conn},
    {HSE_REQ_GET_IMPERSONATION_TOKEN, &impersonation_token},
    {HSE_REQ_MAP_URL_TO_PATH_EX, &map_url_to_path_ex},
    {HSE_REQ_ABORTIVE_CLOSE, &abortive_close},
    {HSE_REQ_SEND_RESPONSE_HEADER_EX, &send_response_header_ex},
    {HSE_REQ_CLOSE_CONNECTION, &close_connection},
    {HSE_REQ_IS_CONNECTED, &is_connected},
    {HSE_REQ_NORMALIZE_URL, &normalize_url},
    {HSE_REQ_SET_FLUSH_FLAG, &nothing_to_do},
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
    try {
        if (found == nullptr) {
            warn_once(fmt::format("{}: this host has no ServerSupportFunction {}: it fails with "
                                  "ERROR_INVALID_PARAMETER",
                                  block.extension().name(), function));
            return ERROR_INVALID_PARAMETER;
        }
        return found->call(block, buffer, size, type);
    } catch (const std::bad_alloc&) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
}

} // namespace host
