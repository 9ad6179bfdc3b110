#include "verdict/cells.hpp"

#include <algorithm>

namespace loadgen {

std::vector<CellCount> filled(std::span<const Outcome> cells, const Counters& counters) {
    std::vector<CellCount> result;
    for (const Outcome cell : cells)
        if (const std::uint64_t count = counters.at(cell); count > 0)
            result.push_back({cell, count});
    std::stable_sort(result.begin(), result.end(),
                     [](const CellCount& a, const CellCount& b) { return a.count > b.count; });
    return result;
}

} // namespace loadgen
