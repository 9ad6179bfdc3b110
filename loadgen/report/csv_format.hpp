// A result as CSV, for a spreadsheet or a pipe: the columns of runs.csv, a row for a run or for a variant
// over all its blocks.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

std::string run_csv(const RunResult& result);
std::string regression_csv(const RegressionResult& result);

} // namespace loadgen
