// What was measured in a regression, a row a variant.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

/// Each variant over all its blocks. What the variants are judged by stands just before its rate
/// and the interval on it.
std::string regression_table(const RegressionResult& result);

} // namespace loadgen
