// What was measured in a regression, a row a variant.
#pragma once

#include "measure/recording.hpp"
#include "verdict/regression.hpp"

#include <string>
#include <vector>

namespace loadgen {

/// Each variant over all its blocks. What the variants are judged by stands just before its rate
/// and the interval on it. `recordings` in the order of the variants.
std::string regression_table(const Regression& regression, const std::vector<Recording>& recordings);

} // namespace loadgen
