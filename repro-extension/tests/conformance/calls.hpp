// The calls of the ISAPI, each with its error: 0, or what GetLastError() says.
#pragma once

#include "windows.hpp"

#include <array>
#include <string_view>

namespace repro::conformance {

DWORD call(ECB& ecb, DWORD function, void* buffer = nullptr, DWORD* size = nullptr,
           void* type = nullptr) noexcept;

/// `size`: where the call puts how many bytes it has written.
DWORD write(ECB& ecb, std::string_view text, DWORD& size) noexcept;
void write(ECB& ecb, std::string_view text) noexcept;

/// The head of an answer whose end is the connection's.
DWORD begin_answer(ECB& ecb) noexcept;

/// A head with a length and fKeepConn, and the text.
void answer(ECB& ecb, std::string_view text, bool keep) noexcept;

void done(ECB& ecb, DWORD status = HSE_STATUS_SUCCESS) noexcept;

/// Most calls take text that they could write to.
using Buffer = std::array<char, 1024>;
Buffer holding(std::string_view text) noexcept;

inline std::string_view yes_or_no(BOOL yes) noexcept {
    return yes ? "true" : "false";
}

} // namespace repro::conformance
