// The connection and who is at its other end; what there may be nothing to do for.
#include "calls.hpp"
#include "rows.hpp"

namespace repro::conformance {
namespace {

/// Of a function that has one answer: yes or no.
void ask(ECB& ecb, Reply& reply, DWORD function) noexcept {
    BOOL yes = FALSE;
    const DWORD error = call(ecb, function, &yes);
    reply.text << error << " " << yes_or_no(yes);
}

bool is_token(HANDLE handle) noexcept {
    using Information = BOOL(WINAPI*)(HANDLE, TOKEN_INFORMATION_CLASS, void*, DWORD, DWORD*);
    // Every server that has tokens has loaded it, and this DLL needs no more than kernel32.
    const HMODULE library = GetModuleHandleA("advapi32.dll");
    auto* const found = reinterpret_cast<void*>(GetProcAddress(library, "GetTokenInformation"));
    DWORD size = 0;
    return found != nullptr && !reinterpret_cast<Information>(found)(handle, TokenUser, nullptr, 0, &size) &&
           GetLastError() == ERROR_INSUFFICIENT_BUFFER;
}

void token(ECB& ecb, Reply& reply) noexcept {
    HANDLE handle = nullptr;
    const DWORD error = call(ecb, HSE_REQ_GET_IMPERSONATION_TOKEN, &handle);
    reply.text << error << (is_token(handle) ? " a token" : " no token");
}

void certificate(ECB& ecb, Reply& reply) noexcept {
    CERT_CONTEXT_EX context{};
    context.CertContext.cbCertEncoded = 1;
    const DWORD error = call(ecb, HSE_REQ_GET_CERT_INFO_EX, &context);
    reply.text << error << " " << context.CertContext.cbCertEncoded;
}

void tell(ECB& ecb, Reply& reply, DWORD function) noexcept {
    char text[] = "a word";
    reply.text << call(ecb, function, text);
}

constexpr auto rows = std::to_array<Row>({
    {"keep-conn", [](ECB& ecb, Reply& reply) noexcept { ask(ecb, reply, HSE_REQ_IS_KEEP_CONN); }},
    {"connected", [](ECB& ecb, Reply& reply) noexcept { ask(ecb, reply, HSE_REQ_IS_CONNECTED); }},
    {"token", token},
    {"certificate", certificate},
    {"log", [](ECB& ecb, Reply& reply) noexcept { tell(ecb, reply, HSE_APPEND_LOG_PARAMETER); }},
    {"acl", [](ECB& ecb, Reply& reply) noexcept { tell(ecb, reply, HSE_REQ_REFRESH_ISAPI_ACL); }},
    {"flush", [](ECB& ecb, Reply& reply) noexcept { reply.text << call(ecb, HSE_REQ_SET_FLUSH_FLAG); }},
    {"unknown", [](ECB& ecb, Reply& reply) noexcept { reply.text << call(ecb, HSE_REQ_GET_SSPI_INFO); }},
    {"close", [](ECB& ecb, Reply&) noexcept { call(ecb, HSE_REQ_CLOSE_CONNECTION); }},
    {"abort", [](ECB& ecb, Reply&) noexcept { call(ecb, HSE_REQ_ABORTIVE_CLOSE); }},
});

} // namespace

constinit const std::span<const Row> connection_rows{rows};

} // namespace repro::conformance
