#include "report/html/heat.hpp"

#include "report/numbers.hpp"

#include <algorithm>
#include <array>

namespace loadgen {
namespace {

// On each, the text's colour has a contrast of 4.5 at least.
constexpr std::array<Heat, 5> shades = {{
    {"h1", "#fdf0ee", "#2b1c1c"},
    {"h2", "#fadbd6", "#40221f"},
    {"h3", "#f3b8b0", "#5c2924"},
    {"h4", "#ea9187", "#782f29"},
    {"h5", "#e2695d", "#95362f"},
}};
constexpr std::array limits = {0.001, 0.01, 0.1, 0.5};

} // namespace

std::span<const Heat> heats() {
    return shades;
}

const Heat& heat_of(double share) {
    const auto above = static_cast<std::size_t>(
        std::count_if(limits.begin(), limits.end(), [&](double limit) { return share >= limit; }));
    return shades.at(above);
}

std::span<const double> heat_limits() {
    return limits;
}

std::string heat_limits_text() {
    std::string text;
    for (std::size_t i = 1; i < limits.size(); ++i)
        text += (i == 1 ? "" : i + 1 == limits.size() ? " and " : ", ") + percent(limits.at(i));
    return text;
}

} // namespace loadgen
