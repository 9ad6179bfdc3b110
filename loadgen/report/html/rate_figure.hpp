// How often each was reset, with what is not known of it.
#pragma once

#include "report/html/figure.hpp"
#include "report/html/series.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace loadgen {

/// `limit`: the rate that a fixed variant may have, drawn as a line. `counted`: resets or lost.
Figure rate_figure(std::span<const Series> series, std::optional<double> limit, double confidence,
                   std::string_view counted);

} // namespace loadgen
