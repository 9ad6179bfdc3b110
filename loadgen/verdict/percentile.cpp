#include "verdict/percentile.hpp"

#include <charconv>

namespace loadgen {

std::optional<Percentile> percentile_named(std::string_view wanted) {
    constexpr std::size_t most_decimals = 6;
    if (!wanted.starts_with('p'))
        return std::nullopt;
    std::string digits(wanted.substr(1));
    if (digits.size() > 2 && digits.find_first_not_of('9') == std::string::npos)
        digits.insert(2, 1, '.');
    const auto point = digits.find('.');
    std::string whole = digits.substr(0, point);
    std::string decimals = point == std::string::npos ? std::string() : digits.substr(point + 1);
    if (whole.empty() || whole.size() > 2 || (point != std::string::npos && decimals.empty()) ||
        decimals.size() > most_decimals ||
        (whole + decimals).find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    decimals.erase(decimals.find_last_not_of('0') + 1);
    if (whole.size() < 2)
        whole.insert(0, 1, '0');
    // From its digits: 99.9 / 100 is not 0.999, and would be another percentile than the summary's.
    const std::string share = "0." + whole + decimals;
    double fraction = 0;
    std::from_chars(share.data(), share.data() + share.size(), fraction);
    if (!(fraction > 0))
        return std::nullopt;
    whole.erase(0, whole.front() == '0' ? 1 : 0);
    return Percentile{"p" + whole + (decimals.empty() ? "" : ".") + decimals, fraction};
}

} // namespace loadgen
