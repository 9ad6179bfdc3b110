// How long answers took: every percentile, not three of them.
#pragma once

#include "report/html/figure.hpp"
#include "report/html/series.hpp"

#include <optional>
#include <span>

namespace loadgen {

/// Nothing if no answer came.
std::optional<Figure> latency_figure(std::span<const Series> series);

} // namespace loadgen
