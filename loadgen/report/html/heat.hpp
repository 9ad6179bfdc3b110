// The shades of a table whose cells are shares.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace loadgen {

struct Heat {
    std::string_view name; ///< the style sheet's class
    std::string_view light;
    std::string_view dark;
};

std::span<const Heat> heats();

/// Of a share above 0.
const Heat& heat_of(double share);

/// From which share on each but the first begins.
std::span<const double> heat_limits();
/// "1 %, 10 % and 50 %": those after the first.
std::string heat_limits_text();

} // namespace loadgen
