// The verdict of a regression: do the variants that should reset do so, and do the others not?
#pragma once

#include "measure/counters.hpp"
#include "verdict/comparison.hpp"
#include "verdict/dispersion.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

enum class Expectation { faulty, fixed };
std::string_view name(Expectation expectation);

/// What a variant is judged by.
enum class Counted {
    resets, ///< Counters::resets
    lost,   ///< Counters::lost
};
std::string_view name(Counted counted);
std::optional<Counted> counted_named(std::string_view wanted);
std::uint64_t count_of(Counted counted, const Counters& counters);

/// What was measured of one variant.
struct VariantCounts {
    std::string label;
    Expectation expectation = Expectation::fixed;
    std::vector<Count> blocks; ///< what is judged by among attempts, a block each
    Count lost;                ///< over all blocks, whatever is judged by
};

/// When the counts are looked at, to stop or to go on.
enum class Looks {
    once,     ///< after as many rounds as were planned before the first
    any_time, ///< after each block: what is said then must be true however often one looks
};

/// The plan, fixed before the first block.
struct Claim {
    double confidence = 0.999;     ///< of each single statement, 0.5 < confidence < 1
    double max_reset_rate = 0.001; ///< a fixed variant may reset at most this often; 0: not once
    Counted counted = Counted::resets;
    Looks looks = Looks::once;
};

/// Of what is judged by, though they are worded after the resets.
enum class Finding {
    shown,     ///< faulty: resets more often than the fixed variants do
    not_shown, ///< faulty: no evidence of that
    holds,     ///< fixed: its rate is at most max_reset_rate
    resets,    ///< fixed: its rate is above max_reset_rate
    undecided, ///< fixed: too few attempts to say either
};
std::string_view name(Finding finding, Counted counted);

struct VariantFinding {
    std::string label;
    Expectation expectation = Expectation::fixed;
    Count total;
    RateInterval bounds; ///< bounds_of its rate
    Finding finding = Finding::undecided;
    bool by_rounds = false; ///< Standing::by_rounds
    std::optional<Dispersion> spread;
    Count lost;
    bool lost_evident = false;         ///< faulty, and not shown by its resets: by `lost` it would be
    std::uint64_t attempts_needed = 0; ///< undecided: in all, for the claim to hold if no more resets come
};

/// A faulty variant (baseline) against a fixed one (candidate).
struct PairFinding {
    std::string baseline;
    std::string candidate;
    Comparison comparison;
    bool evident = false; ///< p_value <= 1 - confidence
};

enum class Verdict {
    as_expected,  ///< every faulty variant is shown to reset, every fixed one holds
    fixed_resets, ///< a fixed variant resets, or loses
    inconclusive, ///< neither
};
std::string_view name(Verdict verdict);

/// What the counts come to.
struct Judgement {
    Claim claim;
    std::vector<VariantFinding> variants; ///< in the order given
    std::vector<PairFinding> pairs;
    Verdict verdict = Verdict::inconclusive;
};

/// The bounds on a variant's rate, true for the claim's looks. Each holds with the claim's confidence; the
/// upper one of a fixed variant is that of what is claimed of it: at or below the limit where it holds.
RateInterval bounds_of(const Count& count, Expectation expectation, const Claim& claim);

/// Looked at once, a faulty variant is shown when the conditional test against all fixed variants together is
/// significant at 1 - confidence; without fixed variants, when its rate is above max_reset_rate with that
/// confidence. Looked at any time, verdict/standing.hpp decides.
Judgement judge(const std::vector<VariantCounts>& variants, Claim claim);

} // namespace loadgen
