#include "answer.hpp"

#include "text.hpp"
#include "variant.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace repro {
namespace {

/// 16 KiB: large enough that 16 MiB is a thousand calls, small enough to stand in the DLL.
constexpr auto body_block = [] {
    std::array<char, 16'384> block;
    for (std::size_t i = 0; i < block.size(); ++i)
        block[i] = i % 64 == 63 ? '\n' : '.';
    return block;
}();

bool send_header(ECB& ecb, const char* status, std::uint32_t content_length) noexcept {
    const std::string_view status_line{status};
    std::from_chars(status, status + status_line.size(), ecb.dwHttpStatusCode);

    Text header;
    header << "Content-Type: text/plain\r\nContent-Length: " << content_length
           << "\r\nX-Repro-Variant: " << std::string_view{variant.name} << "\r\n\r\n";
    HSE_SEND_HEADER_EX_INFO info{};
    info.pszStatus = status;
    info.cchStatus = static_cast<DWORD>(status_line.size());
    info.pszHeader = header.c_str();
    info.cchHeader = static_cast<DWORD>(header.view().size());
    info.fKeepConn = variant.keep_alive ? TRUE : FALSE;
    return ecb.ServerSupportFunction(ecb.ConnID, HSE_REQ_SEND_RESPONSE_HEADER_EX, &info, nullptr, nullptr) !=
           FALSE;
}

bool write(ECB& ecb, std::string_view piece) noexcept {
    auto size = static_cast<DWORD>(piece.size());
    // WriteClient only reads, but its type has no const.
    return ecb.WriteClient(ecb.ConnID, const_cast<char*>(piece.data()), &size, HSE_IO_SYNC) != FALSE;
}

bool wants_body(const ECB& ecb) noexcept {
    return std::string_view{ecb.lpszMethod} != "HEAD";
}

} // namespace

bool answer_ok(ECB& ecb, std::uint32_t bytes) noexcept {
    if (!send_header(ecb, "200 OK", bytes))
        return false;
    std::size_t left = wants_body(ecb) ? bytes : 0;
    while (left > 0) {
        const std::size_t size = std::min(left, body_block.size());
        if (!write(ecb, {body_block.data(), size}))
            return false;
        left -= size;
    }
    return true;
}

bool answer_text(ECB& ecb, const char* status, std::string_view text) noexcept {
    return send_header(ecb, status, static_cast<std::uint32_t>(text.size())) &&
           (!wants_body(ecb) || write(ecb, text));
}

} // namespace repro
