// An attempt that begins.
#pragma once

#include <chrono>
#include <cstdint>

namespace loadgen {

struct Start {
    std::uint64_t attempt = 0; ///< running number within the worker, from 1
    std::chrono::steady_clock::time_point begun{};
    std::chrono::steady_clock::time_point intended{}; ///< earlier if all connections were busy then
    bool measured = true;                             ///< not of the warm-up
};

} // namespace loadgen
