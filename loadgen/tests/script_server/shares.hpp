// How the attempts of a load fall to its scripts.
#pragma once

#include "client/load_plan.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loadgen {

/// How often each script is asked for: each thread takes its share of the attempts, and the scripts in turn.
inline std::vector<std::uint64_t> attempts_by_script(const LoadPlan& plan, std::size_t scripts) {
    std::vector<std::uint64_t> times(scripts);
    for (std::uint64_t thread = 0; thread < plan.threads; ++thread) {
        const std::uint64_t rest = *plan.requests % plan.threads;
        const std::uint64_t share = *plan.requests / plan.threads + (thread < rest ? 1 : 0);
        for (std::uint64_t attempt = 0; attempt < share; ++attempt)
            ++times[(thread + attempt) % scripts];
    }
    return times;
}

} // namespace loadgen
