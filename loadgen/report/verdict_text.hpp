// What a regression says at its end.
#pragma once

#include "measure/recording.hpp"
#include "verdict/regression.hpp"

#include <string>
#include <vector>

namespace loadgen {

/// Each faulty variant against each fixed one, a line each.
std::string comparison_lines(const Regression& regression);

/// The closing sentences; the first begins with the verdict: reproduced, failed, inconclusive, or
/// holds where no faulty variant was asked for. `recordings` in the order of the variants.
std::string verdict_text(const Regression& regression, const std::vector<Recording>& recordings);

/// What the reader should know before trusting the intervals; empty if nothing.
std::vector<std::string> warnings(const Regression& regression);

} // namespace loadgen
