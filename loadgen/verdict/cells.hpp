// Cells of cause x phase: those of a kind, and what stands in them.
#pragma once

#include "measure/counters.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace loadgen {

struct CellCount {
    Outcome cell;
    std::uint64_t count = 0;
    friend bool operator==(const CellCount&, const CellCount&) = default;
};

template <class Wanted>
std::vector<Outcome> cells_where(Wanted wanted) {
    std::vector<Outcome> cells;
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            if (wanted(Outcome{cause, phase}))
                cells.push_back({cause, phase});
    return cells;
}

/// Those that are not empty, the largest first.
std::vector<CellCount> filled(std::span<const Outcome> cells, const Counters& counters);

} // namespace loadgen
