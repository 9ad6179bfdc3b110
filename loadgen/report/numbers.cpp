#include "report/numbers.hpp"

#include <fmt/format.h>

#include <cmath>

namespace loadgen {

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
        digits.insert(static_cast<std::size_t>(i), 1, ',');
    return digits;
}

std::string percent(double rate) {
    const double value = 100 * rate;
    if (value == 0)
        return "0 %";
    if (value >= 99.95 && value < 100)
        return fmt::format("{:.6g} %", value);
    if (value >= 10)
        return fmt::format("{:.3g} %", value);
    return fmt::format("{:.2g} %", value);
}

std::string brief(std::optional<std::chrono::microseconds> time) {
    if (!time)
        return "-";
    const auto us = static_cast<double>(time->count());
    if (us < 1000)
        return fmt::format("{:.0f} us", us);
    if (us < 1e6)
        return us < 10e3 ? fmt::format("{:.1f} ms", us / 1e3) : fmt::format("{:.0f} ms", us / 1e3);
    return fmt::format("{:.1f} s", us / 1e6);
}

std::string listed(std::span<const CellCount> cells) {
    std::string text;
    for (const auto& [cell, count] : cells)
        text += fmt::format("{}{} in {} {}", text.empty() ? "" : ", ", name(cell.cause), name(cell.phase),
                            grouped(count));
    return text;
}

double per_second(std::uint64_t count, const Recording& recording) {
    const double seconds = std::chrono::duration<double>(recording.elapsed).count();
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string plural(std::uint64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string rounded(double number) {
    return grouped(static_cast<std::uint64_t>(std::llround(number)));
}

} // namespace loadgen
