// The result of a run for programs to read.
#pragma once

#include "measure/recording.hpp"
#include "report/block_info.hpp"

#include <string>

namespace loadgen {

/// One JSON object, with a line break behind it. results/README.md names its members.
std::string run_json(const BlockInfo& info, const Recording& recording, double confidence);

} // namespace loadgen
