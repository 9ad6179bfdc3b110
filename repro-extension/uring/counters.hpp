// What was counted, for the last line.
#pragma once

#include <cstdint>
#include <string>

namespace uring {

/// What is accepted becomes an answer, a victim, one that left or an error.
struct Counters {
    std::uint64_t accepted = 0;
    std::uint64_t requests = 0;
    std::uint64_t answers = 0;
    std::uint64_t victims = 0;
    std::uint64_t harmless_cancels = 0; ///< accepts that were cancelled: their clients wait on
    std::uint64_t left = 0;             ///< closed by their client without a request
    std::uint64_t errors = 0;
};

std::string to_line(const Counters& counters);

} // namespace uring
