// Do the blocks of a variant scatter more than chance? Resets come in bursts, and then an interval is too
// narrow.
#pragma once

#include "verdict/rate.hpp"

#include <optional>
#include <span>

namespace loadgen {

struct Dispersion {
    double index = 1;   ///< variance between blocks over the binomial variance: 1 by chance alone
    double p_value = 1; ///< chi-squared, one-sided: chance of an index this large, were all blocks alike
};

/// Nothing when it cannot be told: fewer than two blocks with trials, or a rate of 0 or 1.
std::optional<Dispersion> dispersion(std::span<const Count> blocks);

} // namespace loadgen
