// Which variant of a regression is loaded next, and when enough has been counted: a pure function of what
// was counted so far.
#pragma once

#include "verdict/regression.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace loadgen {

struct Decision {
    std::optional<std::size_t> next; ///< the variant whose block comes next; none: it is decided
};

/// What to do after the blocks that were counted.
using Plan = std::function<Decision(std::span<const VariantCounts>)>;

/// So many rounds, fixed beforehand, each with a block of every variant. Each round begins one variant later,
/// so that none always follows the same other.
Plan fixed_rounds(unsigned rounds);

} // namespace loadgen
