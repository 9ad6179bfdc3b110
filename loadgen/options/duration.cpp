#include "options/duration.hpp"

#include "measure/shown.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::pair<std::string_view, std::chrono::nanoseconds>, 5> units = {
    {{"us", 1us}, {"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}}};
constexpr std::chrono::nanoseconds longest = 24h * 365;

[[noreturn]] void refuse(std::string_view text) {
    throw std::invalid_argument(
        fmt::format("'{}' is not a duration such as 500ms, 2s or 1m", shown_value(text)));
}

} // namespace

std::chrono::nanoseconds parse_duration(std::string_view text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (error != std::errc{} || !(number >= 0))
        refuse(text);
    const std::string_view wanted(rest, static_cast<std::size_t>(end - rest));
    for (const auto& [name, unit] : units) {
        if (name != wanted)
            continue;
        const double nanoseconds = number * static_cast<double>(unit.count());
        if (nanoseconds > static_cast<double>(longest.count()))
            throw std::invalid_argument(fmt::format("'{}' is longer than a year", text));
        return std::chrono::nanoseconds{std::llround(nanoseconds)};
    }
    refuse(text);
}

Delay parse_delay(std::string_view text) {
    constexpr std::string_view uniform = "uniform:";
    constexpr std::string_view exponential = "exp:";
    if (text.starts_with(exponential))
        return Delay::exponential(parse_duration(text.substr(exponential.size())));
    if (!text.starts_with(uniform))
        return Delay::constant(parse_duration(text));

    const std::string_view range = text.substr(uniform.size());
    const auto dots = range.find("..");
    if (dots == std::string_view::npos)
        throw std::invalid_argument(fmt::format("'{}' is not of the form uniform:LOW..HIGH", text));
    const auto low = parse_duration(range.substr(0, dots));
    const auto high = parse_duration(range.substr(dots + 2));
    if (low > high)
        throw std::invalid_argument(fmt::format("'{}': the lower end is above the upper one", text));
    return Delay::uniform(low, high);
}

} // namespace loadgen
