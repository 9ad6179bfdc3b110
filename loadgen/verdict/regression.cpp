#include "verdict/regression.hpp"

namespace loadgen {
namespace {

Count total_of(const VariantCounts& variant) {
    Count total;
    for (const Count& block : variant.blocks)
        total += block;
    return total;
}

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

std::vector<PairFinding> compare_pairs(const std::vector<VariantFinding>& variants, Claim claim) {
    std::vector<PairFinding> pairs;
    for (const VariantFinding& baseline : variants) {
        if (baseline.expectation != Expectation::faulty)
            continue;
        for (const VariantFinding& candidate : variants) {
            if (candidate.expectation != Expectation::fixed)
                continue;
            const Comparison comparison = compare(baseline.total, candidate.total, claim.confidence);
            pairs.push_back({baseline.label, candidate.label, comparison, is_significant(comparison, claim)});
        }
    }
    return pairs;
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

Judgement judge(const std::vector<VariantCounts>& variants, Claim claim) {
    Count all_fixed;
    Count all_fixed_lost;
    for (const VariantCounts& variant : variants)
        if (variant.expectation == Expectation::fixed) {
            all_fixed += total_of(variant);
            all_fixed_lost += variant.lost;
        }

    Judgement judgement{.claim = claim};
    for (const VariantCounts& variant : variants) {
        const Count total = total_of(variant);
        VariantFinding finding{.label = variant.label,
                               .expectation = variant.expectation,
                               .total = total,
                               .spread = dispersion(variant.blocks),
                               .lost = variant.lost};
        finding.finding = variant.expectation == Expectation::faulty ? judge_faulty(total, all_fixed, claim)
                                                                     : judge_fixed(total, claim);
        finding.lost_evident = claim.counted == Counted::resets && finding.finding == Finding::not_shown &&
                               judge_faulty(variant.lost, all_fixed_lost, claim) == Finding::shown;
        if (finding.finding == Finding::undecided && claim.max_reset_rate > 0)
            finding.attempts_needed = trials_to_claim(total.events, claim.max_reset_rate, claim.confidence);
        judgement.variants.push_back(std::move(finding));
    }
    judgement.pairs = compare_pairs(judgement.variants, claim);
    judgement.verdict = overall(judgement.variants);
    return judgement;
}

} // namespace loadgen
