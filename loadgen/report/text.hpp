// What a person reads on the terminal of one run.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

/// The result of `run`.
std::string run_summary(const RunResult& result);

} // namespace loadgen
