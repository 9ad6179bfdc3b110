// What a command does whose output nobody takes.
#pragma once

#include <stdexcept>

namespace loadgen {

/// The system did not take what was to be written; what() is one sentence naming the file.
struct OutputError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace loadgen
