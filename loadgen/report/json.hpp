// Results for programs to read. results/README.md names the members.
#pragma once

#include "measure/recording.hpp"
#include "report/block_info.hpp"
#include "verdict/regression.hpp"

#include <span>
#include <string>

namespace loadgen {

// Each one JSON object, with a line break behind it.

std::string run_json(const BlockInfo& info, const Recording& recording, double confidence);

/// Infos and recordings in the order of the variants, each of all the variant's blocks.
std::string regression_json(const Regression& regression, std::span<const BlockInfo> infos,
                            std::span<const Recording> recordings);

} // namespace loadgen
