// Percentiles by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loadgen {

struct Percentile {
    std::string name;    ///< p99.9
    double fraction = 0; ///< 0.999, between 0 and 1
};

/// p5, p99, p99.95; of nines the point may be left out: p999.
std::optional<Percentile> percentile_named(std::string_view wanted);

} // namespace loadgen
