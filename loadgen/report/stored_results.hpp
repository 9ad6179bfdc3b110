// The results that an output folder holds, as the commands that wrote it had them.
#pragma once

#include "report/result.hpp"
#include "storage/rows/invocation_row.hpp"
#include "storage/rows/regression_row.hpp"
#include "storage/stored_run.hpp"

#include <span>
#include <variant>
#include <vector>

namespace loadgen {

/// Of each run a RunResult, of the blocks of a regression a RegressionResult: in the order of their first
/// run. Judged anew from what was counted. Blocks without a row in `regressions` were interrupted, or merged:
/// they have no verdict.
std::vector<std::variant<RunResult, RegressionResult>> results_of(std::vector<StoredRun> runs,
                                                                  std::span<const RegressionRow> regressions,
                                                                  std::span<const InvocationRow> invocations);

} // namespace loadgen
