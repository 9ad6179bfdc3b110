// A short text put together without a C run-time.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace repro {

/// Fewer characters than `capacity`, always NUL-terminated; what doesn't fit is cut off.
template <std::size_t capacity>
class TextOf {
  public:
    TextOf& operator<<(std::string_view piece) noexcept {
        const std::size_t taken = std::min(piece.size(), characters_.size() - 1 - size_);
        std::copy_n(piece.data(), taken, characters_.data() + size_);
        size_ += taken;
        return *this;
    }

    TextOf& operator<<(std::uint32_t number) noexcept {
        std::array<char, 10> digits;
        const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        return *this << std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())};
    }

    const char* c_str() const noexcept { return characters_.data(); }
    std::string_view view() const noexcept { return {characters_.data(), size_}; }

  private:
    std::array<char, capacity> characters_{};
    std::size_t size_ = 0;
};

using Text = TextOf<512>;

} // namespace repro
