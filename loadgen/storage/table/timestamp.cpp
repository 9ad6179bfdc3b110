#include "storage/table/timestamp.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>

namespace loadgen {

std::string iso8601(std::chrono::system_clock::time_point time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(whole)), milliseconds);
}

std::optional<std::chrono::system_clock::time_point> parse_iso8601(std::string_view text) {
    constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd.dddZ";
    if (text.size() != form.size())
        return std::nullopt;
    std::array<int, 7> numbers{}; // year to milliseconds
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
    const auto& [year, month, day, hour, minute, second, millisecond] = numbers;
    const std::chrono::year_month_day date(std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)});
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + std::chrono::milliseconds{millisecond};
}

std::string seconds_text(std::chrono::nanoseconds time) {
    return fmt::format("{:.3f}", std::chrono::duration<double>(time).count());
}

} // namespace loadgen
