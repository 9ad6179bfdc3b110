// Which variant of a regression is loaded next, and when enough has been counted: a pure function of what
// was counted so far.
#pragma once

#include "verdict/regression.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace loadgen {

/// Why no further block is loaded.
enum class Stop {
    rounds_done, ///< so many were planned
    decided,     ///< every claim is
    spent,       ///< some are not, and the attempts that were allowed for them are used up
};
std::string_view name(Stop stop);
std::optional<Stop> stop_named(std::string_view wanted);

struct Decision {
    std::optional<std::size_t> next; ///< the variant whose block comes next; none: it stops
    Stop stop = Stop::rounds_done;   ///< where there is none
};

/// What to do after the blocks that were counted.
using Plan = std::function<Decision(std::span<const VariantCounts>)>;

/// So many rounds, fixed beforehand, each with a block of every variant. Each round begins one variant later,
/// so that none always follows the same other.
Plan fixed_rounds(unsigned rounds);

/// Rounds go on until each claim is decided (verdict/standing.hpp), or a variant has had so many attempts. A
/// variant whose claim is decided is loaded no more; but while a faulty one is undecided, a fixed one is
/// loaded beside it, since they are compared round by round. The claim's looks must be any_time.
Plan until_decided(const Claim& claim, std::uint64_t max_attempts);

} // namespace loadgen
