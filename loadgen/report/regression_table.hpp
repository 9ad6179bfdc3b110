// What was measured in a regression, a row a variant.
#pragma once

#include "report/result.hpp"

#include <string>
#include <vector>

namespace loadgen {

/// Each variant over all its blocks. What the variants are judged by stands just before its rate
/// and the interval on it.
std::string regression_table(const RegressionResult& result);

/// What the attempts failed with, a line a variant that had failures.
std::string failure_lines(const RegressionResult& result);

/// Its rows, the header first, without the lines that follow.
std::vector<std::vector<std::string>> regression_rows(const RegressionResult& result);

} // namespace loadgen
