#include "verdict/plan.hpp"

#include <numeric>

namespace loadgen {

Plan fixed_rounds(unsigned rounds) {
    return [rounds](std::span<const VariantCounts> counts) -> Decision {
        const std::size_t done = std::accumulate(
            counts.begin(), counts.end(), std::size_t{0},
            [](std::size_t sum, const VariantCounts& one) { return sum + one.blocks.size(); });
        if (counts.empty() || done == rounds * counts.size())
            return {};
        const std::size_t round = done / counts.size();
        return {.next = (round + done % counts.size()) % counts.size()};
    };
}

} // namespace loadgen
