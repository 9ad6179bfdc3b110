#include "verdict/dispersion.hpp"

#include <boost/math/distributions/chi_squared.hpp>

namespace loadgen {

std::optional<Dispersion> dispersion(std::span<const Count> blocks) {
    Count total;
    unsigned used = 0;
    for (const Count& block : blocks) {
        total += block;
        used += block.trials > 0 ? 1 : 0;
    }
    const double rate = total.rate();
    if (used < 2 || rate <= 0 || rate >= 1)
        return std::nullopt;

    double chi_squared = 0;
    for (const Count& block : blocks) {
        const auto trials = static_cast<double>(block.trials);
        if (block.trials == 0)
            continue;
        const double difference = static_cast<double>(block.events) - trials * rate;
        chi_squared += difference * difference / (trials * rate * (1 - rate));
    }
    const double freedom = used - 1;
    return Dispersion{
        .index = chi_squared / freedom,
        .p_value = cdf(complement(boost::math::chi_squared_distribution<double>(freedom), chi_squared))};
}

} // namespace loadgen
