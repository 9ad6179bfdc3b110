#include "base/duration.hpp"

#include <charconv>
#include <cstdint>
#include <limits>

namespace host {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{})
        return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    std::uint64_t milliseconds = number;
    if (unit == "s")
        milliseconds *= 1'000;
    else if (unit == "m")
        milliseconds *= 60'000;
    else if (unit == "h")
        milliseconds *= 3'600'000;
    else if (unit != "ms")
        return std::nullopt;
    if (milliseconds > std::numeric_limits<std::uint32_t>::max())
        return std::nullopt;
    return std::chrono::milliseconds(milliseconds);
}

} // namespace host
