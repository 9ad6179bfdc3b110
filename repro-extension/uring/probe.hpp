// What this kernel does with the requests of a thread that exits.
#pragma once

#include <string>

namespace uring {

struct ProbeResult {
    std::string text;
    int exit_code; ///< 0: it cancels those of a thread that has exited, and no others; else 6
};

/// Throws Unavailable.
ProbeResult probe();

} // namespace uring
