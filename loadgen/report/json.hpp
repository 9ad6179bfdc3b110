// Results for programs to read. results/README.md names the members.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

// Each one JSON object, with a line break behind it.

std::string run_json(const RunResult& result);

std::string regression_json(const RegressionResult& result);

} // namespace loadgen
