// A running load as it can be seen from outside, a little behind.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace loadgen {

struct Progress {
    std::uint64_t attempts = 0; ///< ended
    std::uint64_t established = 0;
    std::uint64_t answers = 0;
    std::uint64_t resets = 0;
    std::uint64_t refused_or_unreachable = 0;
    std::optional<std::chrono::microseconds>
        p99; ///< of the answers' latency; of several workers the worst one's; none without an answer

    Progress& operator+=(const Progress& other) {
        attempts += other.attempts;
        established += other.established;
        answers += other.answers;
        resets += other.resets;
        refused_or_unreachable += other.refused_or_unreachable;
        p99 = std::max(p99, other.p99);
        return *this;
    }
};

} // namespace loadgen
