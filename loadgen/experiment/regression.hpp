// A regression: what it loads, how it goes through its blocks, and what it comes to. What is loaded next, and
// when it is decided, its plan says (verdict/plan.hpp).
#pragma once

#include "client/load_plan.hpp"
#include "client/target.hpp"
#include "experiment/variant.hpp"
#include "report/progress.hpp"
#include "report/result.hpp"
#include "verdict/plan.hpp"
#include "verdict/regression.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace loadgen {

struct RegressionSettings {
    std::string base_url;
    LoadPlan load; ///< of each block; a variant may want its connections kept besides
    std::vector<Variant> variants;
    Claim claim;
    Course course;                      ///< but for why it stopped
    std::chrono::nanoseconds settle{0}; ///< pause after a faulty block, for its last threads' resets
};

/// Who hears of a regression's blocks.
struct BlockListener {
    std::function<void(const BlockInfo&, std::span<const Event>)> on_events; ///< as they come
    std::function<void(const BlockInfo&, const Recording&)> on_block;        ///< when it has ended
};

class Regression {
  public:
    /// Looks the host up. Throws UnresolvedHost and std::invalid_argument, as make_target does.
    explicit Regression(RegressionSettings settings);

    /// One request to each variant on each server, before any load. Throws InvalidError, with a sentence
    /// naming the URL, if another variant answers, or none.
    void check_variants() const;

    /// Goes on until its course is run, or until a block does not come to its end: Ctrl-C, or it says nothing
    /// of the server. The result says so.
    RegressionResult run(ProgressLine& progress, const BlockListener& listener);

    /// What the run_ids of its blocks have in common.
    const std::string& run_id() const { return run_id_; }

  private:
    struct Subject {
        Variant variant;
        LoadPlan load;
        Target target;
        BlockInfo info;      // of all blocks together
        Recording recording; // all blocks so far
        std::vector<Stretch> stretches = {};
    };

    RunEnding run_block_of(std::size_t index, std::size_t number, ProgressLine& progress,
                           const BlockListener& listener);
    Span part_of_block(std::size_t done) const;
    RegressionResult result(std::optional<Stop> stop);

    RegressionSettings settings_;
    std::string run_id_;
    std::vector<Subject> subjects_;
    std::vector<VariantCounts> counts_; // of each subject
};

} // namespace loadgen
