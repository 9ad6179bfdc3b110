// What a person reads on the terminal of one run.
#pragma once

#include "measure/recording.hpp"
#include "report/block_info.hpp"

#include <string>

namespace loadgen {

/// The result of `run`.
std::string run_summary(const BlockInfo& info, const Recording& recording, double confidence);

} // namespace loadgen
