#include "storage/table/timestamp.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>

namespace loadgen {

std::string iso8601(std::chrono::system_clock::time_point time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(time - whole).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(whole)), microseconds);
}

std::optional<std::chrono::system_clock::time_point> parse_iso8601(std::string_view text) {
    // Older files have milliseconds.
    constexpr std::string_view to_millisecond = "dddd-dd-ddTdd:dd:dd.dddZ";
    constexpr std::string_view to_microsecond = "dddd-dd-ddTdd:dd:dd.ddddddZ";
    const std::string_view form = text.size() == to_millisecond.size() ? to_millisecond : to_microsecond;
    if (text.size() != form.size())
        return std::nullopt;
    std::array<int, 7> numbers{}; // year to the parts of a second
    std::size_t last = 0;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i])
            return std::nullopt;
        if (form[i] == 'd')
            numbers.at(last) = 10 * numbers.at(last) + (text[i] - '0');
        else
            ++last;
    }
    const auto& [year, month, day, hour, minute, second, parts] = numbers;
    const std::chrono::year_month_day date(std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)});
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} +
           std::chrono::microseconds{form == to_millisecond ? 1000 * parts : parts};
}

std::string seconds_text(std::chrono::nanoseconds time) {
    return fmt::format("{:.6f}", std::chrono::duration<double>(time).count());
}

} // namespace loadgen
