// What a command has found out, as one value: every format is a function of it.
#pragma once

#include "measure/block_info.hpp"
#include "measure/recording.hpp"
#include "measure/run_ending.hpp"
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
    std::optional<Stop> stop; ///< none: it did not come to its end, or several were added up
};

/// "until decided" or "rounds"
std::string_view plan_name(const Course& course);
/// Of `regress`.
struct RegressionResult {
    std::string label; ///< in no file; empty: nobody gave it one
    Claim claim;
    Course course;
    std::vector<VariantResult> variants; ///< in the order given
    std::vector<PairFinding> pairs;
    Verdict verdict = Verdict::inconclusive; ///< says nothing unless has_verdict()
    RunEnding ended;                         ///< as the worst of its blocks
    Invocation invocation = {};

    bool has_verdict() const { return course.stop && ended.is_whole(); }
    /// Of several machines, all of them whole: nobody judged the sum.
    bool is_merged() const { return !course.stop && ended.is_whole(); }
};

/// name(Stop), interrupted, invalid or merged
std::string_view stop_name(const RegressionResult& result);

/// Why there is no verdict; empty if there is one.
std::string without_verdict(const RegressionResult& result);

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

/// Of a command that came to nothing.
struct NoResult {
    std::string subject; ///< what it was to load; empty: not known
    RunEnding ended;     ///< never whole
};

/// A result of an earlier call, as its folder holds it.
struct StoredResult {
    std::string folder;
    std::variant<RunResult, RegressionResult, NoResult> result;
    std::vector<ThreadStart> thread_starts = {}; ///< where the folder has the host's victims.csv
};

/// How it ended, and how a run, a regression, or what came to nothing did.
const RunEnding& ended(const StoredResult& stored);

/// Finished runs that count as one.
struct ComparedSeries {
    VariantCounts counts; ///< a run is a block
    RunEnding ended;      ///< as the worst of them
};

/// Of `compare`: series of finished runs, each held against one of them.
struct ComparisonResult {
    double confidence = 0.999;
    std::string inputs;   ///< the files and folders that were named
    std::string baseline; ///< a label
    std::vector<ComparedSeries> series;
    /// Of the two, the one that resets more often comes first. None with a series that is invalid.
    std::vector<PairFinding> pairs;

    RunEnding ended() const; ///< as the worst of them
};

} // namespace loadgen
