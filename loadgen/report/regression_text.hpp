// What a person reads on the terminal of a regression.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

/// The table; and if it has a verdict, the comparisons and the verdict.
std::string regression_text(const RegressionResult& result);

} // namespace loadgen
