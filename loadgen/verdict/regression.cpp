#include "verdict/regression.hpp"

#include "verdict/evidence.hpp"
#include "verdict/standing.hpp"

#include <algorithm>
#include <cmath>

namespace loadgen {
namespace {

bool is_significant(const Comparison& comparison, Claim claim) {
    return comparison.p_value <= 1 - claim.confidence;
}

Finding judge_faulty(Count total, Count all_fixed, Claim claim) {
    const bool shown = all_fixed.trials > 0
                           ? is_significant(compare(total, all_fixed, claim.confidence), claim)
                           : rate_lower_bound(total, claim.confidence) > claim.max_reset_rate;
    return shown ? Finding::shown : Finding::not_shown;
}

Finding judge_fixed(Count total, Claim claim) {
    if (total.trials == 0)
        return Finding::undecided;
    if (claim.max_reset_rate == 0)
        return total.events == 0 ? Finding::holds : Finding::resets;
    if (rate_upper_bound(total, claim.confidence) <= claim.max_reset_rate)
        return Finding::holds;
    if (rate_lower_bound(total, claim.confidence) > claim.max_reset_rate)
        return Finding::resets;
    return Finding::undecided;
}

Verdict overall(const std::vector<VariantFinding>& variants) {
    Verdict verdict = Verdict::as_expected;
    for (const VariantFinding& variant : variants) {
        if (variant.finding == Finding::resets)
            return Verdict::fixed_resets;
        if (variant.finding == Finding::not_shown || variant.finding == Finding::undecided)
            verdict = Verdict::inconclusive;
    }
    return verdict;
}

// By the blocks of both, round by round, and by intervals that hold at any time. One of the two is too narrow
// with half of what is left of the confidence.
Comparison compare_any_time(const VariantCounts& baseline, const VariantCounts& candidate, Claim claim) {
    const double half = 1 - (1 - claim.confidence) / 2;
    const std::vector<VariantCounts> both = {baseline, candidate};
    Comparison comparison{.baseline = sum_of(baseline.blocks), .candidate = sum_of(candidate.blocks)};
    const double low = anytime_interval(comparison.baseline, half).low;
    const double high = anytime_interval(comparison.candidate, half).high;
    comparison.p_value = std::exp(-standings(both, claim).front().evidence);
    comparison.rate_ratio_low = high > 0 ? low / high : 0;
    comparison.candidate_rate_high = anytime_interval(comparison.candidate, claim.confidence).high;
    return comparison;
}

std::vector<PairFinding> compare_pairs(const std::vector<VariantCounts>& variants, Claim claim) {
    std::vector<PairFinding> pairs;
    for (const VariantCounts& baseline : variants) {
        if (baseline.expectation != Expectation::faulty)
            continue;
        for (const VariantCounts& candidate : variants) {
            if (candidate.expectation != Expectation::fixed)
                continue;
            const Comparison comparison =
                claim.looks == Looks::any_time
                    ? compare_any_time(baseline, candidate, claim)
                    : compare(sum_of(baseline.blocks), sum_of(candidate.blocks), claim.confidence);
            pairs.push_back({baseline.label, candidate.label, comparison, is_significant(comparison, claim)});
        }
    }
    return pairs;
}

// In all, if no more resets come.
std::uint64_t attempts_needed(const Count& total, const Claim& claim) {
    if (claim.looks == Looks::once)
        return trials_to_claim(total.events, claim.max_reset_rate, claim.confidence);
    const auto enough = [&](std::uint64_t trials) {
        return evidence_of_holding({total.events, trials}, claim.max_reset_rate) >=
               decisive(claim.confidence);
    };
    std::uint64_t high = std::max<std::uint64_t>(total.trials, 1);
    while (!enough(high))
        high *= 2;
    std::uint64_t low = high / 2;
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (enough(middle) ? high : low) = middle;
    }
    return high;
}

} // namespace

std::string_view name(Expectation expectation) {
    return expectation == Expectation::faulty ? "faulty" : "fixed";
}

std::string_view name(Verdict verdict) {
    switch (verdict) {
    case Verdict::as_expected:
        return "as expected";
    case Verdict::fixed_resets:
        return "failed";
    case Verdict::inconclusive:
        return "inconclusive";
    }
    return {};
}

std::string_view name(Counted counted) {
    return counted == Counted::lost ? "lost" : "resets";
}

std::optional<Counted> counted_named(std::string_view wanted) {
    for (const Counted counted : {Counted::resets, Counted::lost})
        if (name(counted) == wanted)
            return counted;
    return std::nullopt;
}

std::uint64_t count_of(Counted counted, const Counters& counters) {
    return counted == Counted::lost ? counters.lost() : counters.resets();
}

std::string_view name(Finding finding, Counted counted) {
    switch (finding) {
    case Finding::shown:
        return "shown";
    case Finding::not_shown:
        return "not shown";
    case Finding::holds:
        return "holds";
    case Finding::resets:
        return counted == Counted::lost ? "loses" : "resets";
    case Finding::undecided:
        return "undecided";
    }
    return {};
}

RateInterval bounds_of(const Count& count, Expectation expectation, const Claim& claim) {
    const bool once = claim.looks == Looks::once;
    RateInterval bounds =
        once ? rate_interval(count, claim.confidence) : anytime_interval(count, claim.confidence);
    if (expectation == Expectation::fixed)
        bounds.high =
            once ? rate_upper_bound(count, claim.confidence) : anytime_upper_bound(count, claim.confidence);
    return bounds;
}

namespace {

// Else its resets were not judged by attempts, and its losses are not to be.
bool is_told_by_attempts(const VariantCounts& variant, const Standing& standing, const Claim& claim) {
    return claim.looks == Looks::once || (!standing.by_rounds && variant.blocks.size() >= rounds_to_trust);
}

} // namespace

Judgement judge(const std::vector<VariantCounts>& variants, Claim claim) {
    Count all_fixed;
    Count all_fixed_lost;
    for (const VariantCounts& variant : variants)
        if (variant.expectation == Expectation::fixed) {
            all_fixed += sum_of(variant.blocks);
            all_fixed_lost += variant.lost;
        }

    const std::vector<Standing> standing =
        claim.looks == Looks::any_time ? standings(variants, claim) : std::vector<Standing>(variants.size());
    Judgement judgement{.claim = claim};
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const VariantCounts& variant = variants[i];
        const Count total = sum_of(variant.blocks);
        VariantFinding finding{.label = variant.label,
                               .expectation = variant.expectation,
                               .total = total,
                               .bounds = bounds_of(total, variant.expectation, claim),
                               .by_rounds = standing[i].by_rounds,
                               .spread = dispersion(variant.blocks),
                               .lost = variant.lost};
        if (claim.looks == Looks::any_time)
            finding.finding = standing[i].finding;
        else
            finding.finding = variant.expectation == Expectation::faulty
                                  ? judge_faulty(total, all_fixed, claim)
                                  : judge_fixed(total, claim);
        finding.lost_evident = claim.counted == Counted::resets && finding.finding == Finding::not_shown &&
                               is_told_by_attempts(variant, standing[i], claim) &&
                               judge_faulty(variant.lost, all_fixed_lost, claim) == Finding::shown;
        if (finding.finding == Finding::undecided && claim.max_reset_rate > 0)
            finding.attempts_needed = attempts_needed(total, claim);
        judgement.variants.push_back(std::move(finding));
    }
    judgement.pairs = compare_pairs(variants, claim);
    judgement.verdict = overall(judgement.variants);
    return judgement;
}

} // namespace loadgen
