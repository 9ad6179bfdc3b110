// How attempts failed: causes by phases, the more of them the darker.
#pragma once

#include "measure/counters.hpp"
#include "report/html/figure.hpp"

#include <optional>
#include <span>
#include <string>

namespace loadgen {

struct Outcomes {
    std::string label;
    const Counters* counters;
};

/// Nothing if all were answered.
std::optional<Figure> outcome_figure(std::span<const Outcomes> all);

} // namespace loadgen
