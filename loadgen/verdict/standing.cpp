#include "verdict/standing.hpp"

#include "verdict/evidence.hpp"

#include <algorithm>
#include <cmath>

namespace loadgen {
namespace {

// Less often than this would chance alone scatter the blocks so.
constexpr double evident_dispersion = 0.001;

bool scatters(std::span<const Count> blocks) {
    const auto spread = dispersion(blocks);
    return spread && spread->p_value < evident_dispersion;
}

/// Round by round, what the fixed variants did together.
std::vector<Count> fixed_rounds_of(std::span<const VariantCounts> variants) {
    std::vector<Count> rounds;
    for (const VariantCounts& variant : variants) {
        if (variant.expectation != Expectation::fixed)
            continue;
        rounds.resize(std::max(rounds.size(), variant.blocks.size()));
        for (std::size_t i = 0; i < variant.blocks.size(); ++i)
            rounds[i] += variant.blocks[i];
    }
    return rounds;
}

/// The highest value, by attempts or by rounds.
struct Evidence {
    double by_attempts = 0;
    double by_rounds = 0;
    bool scattered = false;
    bool trusted = false; ///< enough rounds to know whether they scatter

    double value() const { return scattered ? by_rounds : trusted ? by_attempts : 0; }
};

Evidence of_more(std::span<const Count> faulty, std::span<const Count> fixed) {
    const std::size_t rounds = std::min(faulty.size(), fixed.size());
    IndependentEvidence attempts;
    RoundEvidence whole(-1);
    Evidence evidence{.scattered = scatters(faulty.first(rounds)) || scatters(fixed.first(rounds)),
                      .trusted = rounds >= rounds_to_trust};
    for (std::size_t i = 0; i < rounds; ++i) {
        attempts.add(faulty[i], fixed[i]);
        whole.add(faulty[i].rate() - fixed[i].rate());
        evidence.by_attempts = std::max(evidence.by_attempts, attempts.value());
        evidence.by_rounds = std::max(evidence.by_rounds, whole.value());
    }
    return evidence;
}

Evidence of_exceeding(std::span<const Count> blocks, double limit) {
    RoundEvidence whole(-limit);
    Evidence evidence{.scattered = scatters(blocks), .trusted = blocks.size() >= rounds_to_trust};
    Count total;
    for (const Count& block : blocks) {
        total += block;
        whole.add(block.rate() - limit);
        evidence.by_attempts = std::max(evidence.by_attempts, evidence_of_exceeding(total, limit));
        evidence.by_rounds = std::max(evidence.by_rounds, whole.value());
    }
    return evidence;
}

double of_holding(std::span<const Count> blocks, double limit) {
    double highest = 0;
    Count total;
    for (const Count& block : blocks) {
        total += block;
        highest = std::max(highest, evidence_of_holding(total, limit));
    }
    return highest;
}

Standing stand_faulty(const VariantCounts& variant, const std::vector<Count>& fixed, const Claim& claim) {
    if (fixed.empty() && claim.max_reset_rate == 0)
        return {.finding = sum_of(variant.blocks).events > 0 ? Finding::shown : Finding::not_shown};
    const Evidence evidence =
        fixed.empty() ? of_exceeding(variant.blocks, claim.max_reset_rate) : of_more(variant.blocks, fixed);
    return {.finding = evidence.value() >= decisive(claim.confidence) ? Finding::shown : Finding::not_shown,
            .evidence = evidence.value(),
            .by_rounds = evidence.scattered};
}

// To claim "not one" no number of attempts is enough, and one reset refutes it.
Standing stand_not_one(const VariantCounts& variant) {
    const Count total = sum_of(variant.blocks);
    return {.finding = total.events > 0   ? Finding::resets
                       : total.trials > 0 ? Finding::holds
                                          : Finding::undecided};
}

Standing stand_fixed(const VariantCounts& variant, const Claim& claim) {
    if (claim.max_reset_rate == 0)
        return stand_not_one(variant);
    const Evidence against = of_exceeding(variant.blocks, claim.max_reset_rate);
    const double holding = of_holding(variant.blocks, claim.max_reset_rate);
    const double enough = decisive(claim.confidence);
    return {.finding = against.value() >= enough ? Finding::resets
                       : holding >= enough       ? Finding::holds
                                                 : Finding::undecided,
            .evidence = holding,
            .contrary = against.value(),
            .by_rounds = against.scattered};
}

} // namespace

std::vector<Standing> standings(std::span<const VariantCounts> variants, const Claim& claim) {
    const std::vector<Count> fixed = fixed_rounds_of(variants);
    std::vector<Standing> all;
    for (const VariantCounts& variant : variants)
        all.push_back(variant.expectation == Expectation::faulty ? stand_faulty(variant, fixed, claim)
                                                                 : stand_fixed(variant, claim));
    return all;
}

std::vector<std::vector<EvidencePoint>> evidence_course(std::span<const VariantCounts> variants,
                                                        const Claim& claim, std::size_t most) {
    std::size_t rounds = 0;
    for (const VariantCounts& variant : variants)
        rounds = std::max(rounds, variant.blocks.size());
    const std::size_t step = std::max<std::size_t>(1, (rounds + most - 1) / std::max<std::size_t>(most, 1));
    std::vector<std::vector<EvidencePoint>> courses(variants.size());
    std::vector<VariantCounts> so_far(variants.begin(), variants.end());
    for (std::size_t round = std::min(step, rounds); round > 0; round = std::min(round + step, rounds)) {
        for (std::size_t i = 0; i < variants.size(); ++i) {
            const std::span<const Count> all = variants[i].blocks;
            const auto first = all.first(std::min(round, all.size()));
            so_far[i].blocks.assign(first.begin(), first.end());
        }
        const std::vector<Standing> standing = standings(so_far, claim);
        for (std::size_t i = 0; i < variants.size(); ++i) {
            const std::uint64_t attempts = sum_of(so_far[i].blocks).trials;
            if (courses[i].empty() || courses[i].back().attempts < attempts)
                courses[i].push_back({attempts, standing[i].evidence, standing[i].contrary});
        }
        if (round == rounds)
            break;
    }
    return courses;
}

bool is_decided(const Standing& standing, const Claim& claim) {
    switch (standing.finding) {
    case Finding::shown:
    case Finding::resets:
        return true;
    case Finding::holds:
        return claim.max_reset_rate > 0;
    case Finding::not_shown:
    case Finding::undecided:
        break;
    }
    return false;
}

} // namespace loadgen
