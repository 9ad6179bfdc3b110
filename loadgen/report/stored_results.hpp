// The results that an output folder holds, as the commands that wrote it had them.
#pragma once

#include "report/result.hpp"
#include "storage/rows/invocation_row.hpp"
#include "storage/rows/regression_row.hpp"
#include "storage/stored_runs.hpp"

#include <span>
#include <variant>
#include <vector>

namespace loadgen {

using AnyResult = std::variant<RunResult, RegressionResult, NoResult>;

/// Of each run a RunResult, of the blocks of a regression a RegressionResult: in the order of their first
/// run, and behind them a NoResult of each run that was killed. Judged anew from what was counted. Blocks
/// without a row in `regressions` were killed or merged: they have no verdict.
std::vector<AnyResult> results_of(StoredRuns stored, std::span<const RegressionRow> regressions,
                                  std::span<const InvocationRow> invocations);

} // namespace loadgen
