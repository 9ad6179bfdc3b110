// A running load as it can be seen from outside, a little behind.
#pragma once

#include <cstdint>

namespace loadgen {

struct Progress {
    std::uint64_t attempts = 0; ///< ended
    std::uint64_t established = 0;
    std::uint64_t answers = 0;
    std::uint64_t resets = 0;
    std::uint64_t refused_or_unreachable = 0;

    Progress& operator+=(const Progress& other) {
        attempts += other.attempts;
        established += other.established;
        answers += other.answers;
        resets += other.resets;
        refused_or_unreachable += other.refused_or_unreachable;
        return *this;
    }
};

} // namespace loadgen
