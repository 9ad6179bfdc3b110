// What a command has found out, as one value: every format is a function of it.
#pragma once

#include "measure/block_info.hpp"
#include "measure/recording.hpp"
#include "measure/timeline.hpp"
#include "process/invocation.hpp"
#include "verdict/plan.hpp"
#include "verdict/regression.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace loadgen {

/// Of `run`.
struct RunResult {
    BlockInfo info;
    Recording recording;
    double confidence = 0.95; ///< of the intervals on rates
    Invocation invocation = {};
};

/// A variant over all its blocks.
struct VariantResult {
    BlockInfo info;
    Recording recording;
    VariantFinding finding;
    std::vector<Count> blocks;      ///< what is judged by among attempts, a block each
    std::vector<Stretch> stretches; ///< the same blocks over time
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
    Invocation invocation = {};

    bool is_whole() const { return course.stop.has_value(); } ///< else interrupted, and without a verdict
};

/// What a variant was loaded with and what came of it, before anybody has judged.
struct VariantLoads {
    BlockInfo info;      ///< of all blocks together
    Recording recording; ///< the same
    VariantCounts counts;
    std::vector<Stretch> stretches; ///< a block each
};

/// Judges them. The only way in which a result of `regress` is made.
RegressionResult regression_result(std::vector<VariantLoads> loads, const Claim& claim, const Course& course);

/// Threads of the host that began at the same place, and whose exit took connections away.
struct ThreadStart {
    std::string place; ///< module+0xoffset
    std::uint64_t victims = 0;
};

/// A result of an earlier call, as its folder holds it.
struct StoredResult {
    std::string folder;
    std::variant<RunResult, RegressionResult> result;
    std::vector<ThreadStart> thread_starts; ///< where the folder has the host's victims.csv
    bool is_merged = false;                 ///< of several machines: such a regression has no verdict
};

/// Of `compare`: series of finished runs, each held against one of them.
struct ComparisonResult {
    double confidence = 0.999;
    std::string baseline;              ///< a label
    std::vector<VariantCounts> series; ///< a run is a block
    std::vector<PairFinding> pairs;    ///< of the two, the one that resets more often comes first
};

} // namespace loadgen
