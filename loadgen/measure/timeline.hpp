// What happened when: a recording's counts by second, without its distributions.
#pragma once

#include "measure/recording.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace loadgen {

/// What ended within one second.
struct Moment {
    std::uint64_t attempts = 0;
    std::uint64_t resets = 0;
    std::uint64_t lost = 0; ///< Counters::lost; a reset may be one, and need not be
};

/// A run, or one block of a regression.
struct Stretch {
    std::chrono::system_clock::time_point started{};
    std::chrono::nanoseconds elapsed{0};
    std::vector<Moment> seconds; ///< since `started`; the last may be cut short
};

Stretch stretch_of(const Recording& recording);

} // namespace loadgen
