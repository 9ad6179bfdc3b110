// How a regression stands, looked at as often as one likes: which of its claims the counts have decided.
#pragma once

#include "verdict/regression.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace loadgen {

/// What is known of one variant so far.
struct Standing {
    Finding finding = Finding::undecided; ///< not_shown: of a faulty variant nothing is decided so far
    double evidence = 0;    ///< for what is expected of it, in natural logarithms: the highest so far
    double contrary = 0;    ///< fixed: for the contrary, that it is above the limit
    bool by_rounds = false; ///< its blocks scatter more than chance, so whole rounds were compared
};

/// Of each variant; block i of all of them is round i. Where a claim is false, the chance that it is ever
/// decided as true is at most 1 - confidence.
///
/// Attempts of one block are taken for independent only if `rounds_to_trust` blocks or more scatter as chance
/// has it: one burst can make any difference within a round. That a fixed variant holds is always judged by
/// attempts: of bursts that are too rare to be seen even once nobody can know.
std::vector<Standing> standings(std::span<const VariantCounts> variants, const Claim& claim);

inline constexpr std::size_t rounds_to_trust = 4;

/// The evidence when a variant had had so many attempts.
struct EvidencePoint {
    std::uint64_t attempts = 0;
    double expected = 0; ///< Standing::evidence
    double contrary = 0; ///< Standing::contrary
};

/// How the evidence on each variant grew, round by round: at most about so many points each, in even steps.
std::vector<std::vector<EvidencePoint>> evidence_course(std::span<const VariantCounts> variants,
                                                        const Claim& claim, std::size_t most);

/// Nothing that is still to come can change it.
bool is_decided(const Standing& standing, const Claim& claim);

} // namespace loadgen
