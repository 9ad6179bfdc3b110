// What a regression says at its end.
#pragma once

#include "report/result.hpp"

#include <optional>
#include <span>
#include <string>

namespace loadgen {

/// Each faulty variant against each fixed one, a line each.
std::string comparison_lines(std::span<const PairFinding> pairs, Counted counted);

/// What is wrong with a variant's result, or not known of it: a line a sentence. Nothing where all is as
/// expected.
std::string sentences_about(const VariantResult& result, const Claim& claim);

/// The closing sentences; the first begins with the verdict: reproduced, failed, inconclusive, or
/// holds where no faulty variant was asked for.
std::string verdict_text(const RegressionResult& result);

/// Until decided: why it stopped, and with what confidence all claims together hold. Else nothing.
std::string certainty_text(const RegressionResult& result);

/// What the reader should know before trusting the interval: blocks that differ too much. Nothing if
/// they don't.
std::optional<std::string> spread_warning(const std::string& label, const std::optional<Dispersion>& spread);
std::optional<std::string> spread_warning(const VariantFinding& variant);

} // namespace loadgen
