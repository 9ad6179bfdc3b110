#include "isapi/server_support.hpp"

#include "base/handles.hpp"
#include "base/log.hpp"
#include "isapi/client_io.hpp"
#include "isapi/url_functions.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <optional>
#include <string>

namespace host {
namespace {

// lpvBuffer: the status, "200 OK", or null. lpdwDataType: the headers, or null.
// NOLINTNEXTLINE(readability-non-const-parameter): all in the table have one type
DWORD send_response_header(ControlBlock& block, void* buffer, DWORD*, DWORD* type) {
    const auto* status = static_cast<const char*>(buffer);
    const auto* headers = reinterpret_cast<const char*>(type);
    return block.send(
        block.head(status == nullptr ? "" : status, headers == nullptr ? "" : headers, std::nullopt));
}

DWORD send_response_header_ex(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    const auto* info = static_cast<const HSE_SEND_HEADER_EX_INFO*>(buffer);
    if (info == nullptr)
        return ERROR_INVALID_PARAMETER;
    return block.send(block.head(url::bounded(info->pszStatus, info->cchStatus),
                                 url::bounded(info->pszHeader, info->cchHeader), info->fKeepConn != FALSE));
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

// lpvBuffer: what is to stand in the log.
DWORD append_log_parameter(ControlBlock& block, void* buffer, DWORD*, DWORD*) {
    if (buffer == nullptr)
        return ERROR_INVALID_PARAMETER;
    spdlog::info("{} logs: {}", block.extension().name(),
                 url::bounded(static_cast<const char*>(buffer), url::longest));
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

// lpvBuffer: a CERT_CONTEXT_EX, which stays empty: no client has a certificate here.
DWORD certificate(ControlBlock&, void* buffer, DWORD*, DWORD*) {
    auto* const context = static_cast<CERT_CONTEXT_EX*>(buffer);
    if (context == nullptr)
        return ERROR_INVALID_PARAMETER;
    context->CertContext.cbCertEncoded = 0;
    context->dwCertificateFlags = 0;
    return 0;
}

struct Function {
    DWORD number;
    DWORD (*call)(ControlBlock&, void* buffer, DWORD* size, DWORD* type);
    const char* name;
};

constexpr auto functions = std::to_array<Function>({
    {HSE_REQ_SEND_URL_REDIRECT_RESP, &url::redirect, "SEND_URL_REDIRECT_RESP"},
    {HSE_REQ_SEND_URL, &url::send, "SEND_URL"},
    {HSE_REQ_SEND_RESPONSE_HEADER, &send_response_header, "SEND_RESPONSE_HEADER"},
    {HSE_REQ_DONE_WITH_SESSION, &done_with_session, "DONE_WITH_SESSION"},
    {HSE_REQ_MAP_URL_TO_PATH, &url::map, "MAP_URL_TO_PATH"},
    {HSE_APPEND_LOG_PARAMETER, &append_log_parameter, "APPEND_LOG_PARAMETER"},
    {HSE_REQ_IO_COMPLETION, &client_io::set_callback, "IO_COMPLETION"},
    {HSE_REQ_TRANSMIT_FILE, &client_io::transmit_file, "TRANSMIT_FILE"},
    {HSE_REQ_REFRESH_ISAPI_ACL, &nothing_to_do, "REFRESH_ISAPI_ACL"},
    {HSE_REQ_IS_KEEP_CONN, &is_keep_conn, "IS_KEEP_CONN"},
    {HSE_REQ_ASYNC_READ_CLIENT, &client_io::read_async, "ASYNC_READ_CLIENT"},
    {HSE_REQ_GET_IMPERSONATION_TOKEN, &impersonation_token, "GET_IMPERSONATION_TOKEN"},
    {HSE_REQ_MAP_URL_TO_PATH_EX, &url::map_ex, "MAP_URL_TO_PATH_EX"},
    {HSE_REQ_ABORTIVE_CLOSE, &abortive_close, "ABORTIVE_CLOSE"},
    {HSE_REQ_GET_CERT_INFO_EX, &certificate, "GET_CERT_INFO_EX"},
    {HSE_REQ_SEND_RESPONSE_HEADER_EX, &send_response_header_ex, "SEND_RESPONSE_HEADER_EX"},
    {HSE_REQ_CLOSE_CONNECTION, &close_connection, "CLOSE_CONNECTION"},
    {HSE_REQ_IS_CONNECTED, &is_connected, "IS_CONNECTED"},
    {HSE_REQ_NORMALIZE_URL, &url::normalize, "NORMALIZE_URL"},
    {HSE_REQ_VECTOR_SEND, &client_io::send_vector, "VECTOR_SEND"},
    {HSE_REQ_SET_FLUSH_FLAG, &nothing_to_do, "SET_FLUSH_FLAG"},
});

const Function* find_function(DWORD number) noexcept {
    for (const Function& function : functions)
        if (function.number == number)
            return &function;
    return nullptr;
}

} // namespace

std::string_view server_support_name(DWORD function) noexcept {
    const Function* const found = find_function(function);
    return found == nullptr ? "ServerSupportFunction" : found->name;
}

DWORD server_support(ControlBlock& block, DWORD function, void* buffer, DWORD* size, DWORD* type) {
    const Function* found = find_function(function);
    if (found == nullptr) {
        warn_once(fmt::format("{}: this host has no ServerSupportFunction {}: it fails with "
                              "ERROR_INVALID_PARAMETER",
                              block.extension().name(), function));
        return ERROR_INVALID_PARAMETER;
    }
    return found->call(block, buffer, size, type);
}

} // namespace host
