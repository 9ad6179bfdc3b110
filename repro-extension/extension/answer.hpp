// The HTTP answers. Each carries Content-Length, Content-Type: text/plain and X-Repro-Variant; HEAD
// gets no body.
#pragma once

#include "windows.hpp"

#include <cstdint>
#include <string_view>

namespace repro {

/// 200 with `bytes` bytes of text. False if the answer did not go out whole.
bool answer_ok(ECB& ecb, std::uint32_t bytes) noexcept;

/// `status` (code and reason, NUL-terminated) with a text as the body. False if the answer did not go
/// out whole.
bool answer_text(ECB& ecb, const char* status, std::string_view text) noexcept;

} // namespace repro
