// How a result was measured, as pairs of what and its value.
#pragma once

#include "report/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace loadgen {

using Facts = std::vector<std::pair<std::string, std::string>>;

Facts facts_of(const RegressionResult& result);
Facts facts_of(const RunResult& result);

} // namespace loadgen
