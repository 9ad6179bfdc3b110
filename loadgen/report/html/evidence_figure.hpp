// How the evidence grew until it was enough.
#pragma once

#include "report/html/figure.hpp"
#include "report/result.hpp"

#include <optional>

namespace loadgen {

/// Nothing unless the regression went on until it was decided.
std::optional<Figure> evidence_figure(const RegressionResult& result);

} // namespace loadgen
