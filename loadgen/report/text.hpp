// What a person reads on the terminal.
#pragma once

#include "measure/recording.hpp"
#include "report/block_info.hpp"
#include "verdict/regression.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace loadgen {

/// 12,345
std::string grouped(std::uint64_t number);
/// A rate of 0..1 in per cent, with two significant digits at the least: 43.6 %, 0.077 %, 0 %.
std::string percent(double rate);
/// 850 us, 3.1 ms, 2.5 s
std::string brief(std::chrono::microseconds time);

/// The result of `run`.
std::string run_summary(const BlockInfo& info, const Recording& recording, double confidence);

/// The table of a regression: a row a variant, measured over all its blocks. `recordings` in the order of the
/// variants.
std::string regression_table(const Regression& regression, const std::vector<Recording>& recordings);

/// Each faulty variant against each fixed one, a line each.
std::string comparison_lines(const Regression& regression);

/// The closing sentences; the first begins with the verdict: reproduced, failed, inconclusive, or holds where
/// no faulty variant was asked for.
std::string verdict_text(const Regression& regression);

/// What the reader should know before trusting the intervals; empty if nothing.
std::vector<std::string> warnings(const Regression& regression);

} // namespace loadgen
