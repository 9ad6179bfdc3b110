// What a command has found out, as one value: every format is a function of it.
#pragma once

#include "measure/block_info.hpp"
#include "measure/recording.hpp"
#include "verdict/plan.hpp"
#include "verdict/regression.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace loadgen {

/// Of `run`.
struct RunResult {
    BlockInfo info;
    Recording recording;
    double confidence = 0.95; ///< of the intervals on rates
};

/// A variant over all its blocks.
struct VariantResult {
    BlockInfo info;
    Recording recording;
    VariantFinding finding;
};

/// How a regression was planned, and why it stopped.
struct Course {
    std::optional<unsigned> rounds; ///< fixed beforehand; none: until decided
    std::uint64_t max_attempts = 0; ///< of a variant, until decided
    std::uint64_t seed = 1;
    std::optional<Stop> stop; ///< none: interrupted
};

/// "until decided" or "rounds"
std::string_view plan_name(const Course& course);
/// name(Stop), or "interrupted"
std::string_view stop_name(const Course& course);

/// Of `regress`.
struct RegressionResult {
    Claim claim;
    Course course;
    std::vector<VariantResult> variants; ///< in the order given
    std::vector<PairFinding> pairs;
    Verdict verdict = Verdict::inconclusive;

    bool is_whole() const { return course.stop.has_value(); } ///< else interrupted, and without a verdict
};

/// What a variant was loaded with and what came of it, before anybody has judged.
struct VariantLoads {
    BlockInfo info;      ///< of all blocks together
    Recording recording; ///< the same
    VariantCounts counts;
};

/// Judges them. The only way in which a result of `regress` is made.
RegressionResult regression_result(std::vector<VariantLoads> loads, const Claim& claim, const Course& course);

} // namespace loadgen
