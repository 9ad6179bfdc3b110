// What loadgen's exit codes mean; scripts and CI depend on them.
#pragma once

#include <stdexcept>

namespace loadgen {

enum class ExitCode {
    success = 0,      ///< measured, or the expected verdict
    gate_failed = 1,  ///< a fixed variant resets, too many resets, the two sides don't agree
    usage = 2,        ///< bad usage or input
    inconclusive = 3, ///< the fault was not shown, or too few attempts for the claim
    invalid = 4,      ///< target unreachable, wrong variant answering, local faults
    interrupted = 130 ///< Ctrl-C; what was measured is written
};

/// Ends the command with ExitCode::usage; what() is one sentence naming the thing.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Ends the command with ExitCode::invalid; what() is one sentence naming the thing.
struct InvalidError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace loadgen
