#include "calls.hpp"

#include "text.hpp"

#include <algorithm>

namespace repro::conformance {

DWORD call(ECB& ecb, DWORD function, void* buffer, DWORD* size, void* type) noexcept {
    return ecb.ServerSupportFunction(ecb.ConnID, function, buffer, size, static_cast<DWORD*>(type))
               ? 0
               : GetLastError();
}

DWORD write(ECB& ecb, std::string_view text, DWORD& size) noexcept {
    size = static_cast<DWORD>(text.size());
    // WriteClient only reads, but its type has no const.
    return ecb.WriteClient(ecb.ConnID, const_cast<char*>(text.data()), &size, HSE_IO_SYNC) ? 0
                                                                                           : GetLastError();
}

void write(ECB& ecb, std::string_view text) noexcept {
    DWORD size = 0;
    write(ecb, text, size);
}

DWORD begin_answer(ECB& ecb) noexcept {
    char status[] = "200 OK";
    char headers[] = "Content-Type: text/plain\r\n\r\n";
    return call(ecb, HSE_REQ_SEND_RESPONSE_HEADER, status, nullptr, headers);
}

void answer(ECB& ecb, std::string_view text, bool keep) noexcept {
    Text headers;
    headers << "Content-Type: text/plain\r\nContent-Length: " << static_cast<DWORD>(text.size())
            << "\r\n\r\n";
    const std::string_view status = "200 OK";
    HSE_SEND_HEADER_EX_INFO info{};
    info.pszStatus = status.data();
    info.cchStatus = static_cast<DWORD>(status.size());
    info.pszHeader = headers.c_str();
    info.cchHeader = static_cast<DWORD>(headers.view().size());
    info.fKeepConn = keep ? TRUE : FALSE;
    call(ecb, HSE_REQ_SEND_RESPONSE_HEADER_EX, &info);
    write(ecb, text);
}

void done(ECB& ecb, DWORD status) noexcept {
    call(ecb, HSE_REQ_DONE_WITH_SESSION, &status);
}

Buffer holding(std::string_view text) noexcept {
    Buffer buffer{};
    std::copy_n(text.data(), std::min(text.size(), buffer.size() - 1), buffer.data());
    return buffer;
}

} // namespace repro::conformance
