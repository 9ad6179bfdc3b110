// When attempts were reset and lost: resets come in bursts, and a share over all hides them.
#pragma once

#include "report/html/figure.hpp"
#include "report/html/series.hpp"

#include <optional>
#include <span>

namespace loadgen {

/// Nothing if nothing was loaded.
std::optional<Figure> time_figure(std::span<const Series> series);

} // namespace loadgen
