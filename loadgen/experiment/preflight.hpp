// One request before any load: is the target up, and is it what it should be?
#pragma once

#include "client/target.hpp"

#include <chrono>
#include <string>

namespace loadgen {

struct PreflightAnswer {
    unsigned status = 0;
    std::string variant; ///< of X-Repro-Variant; empty without that header
};

/// Asks this one of the target's servers, again if the connection is reset or closed: that is what is to be
/// measured. Counted nowhere. Throws InvalidError, with a sentence naming the
/// target, when there is no whole answer in time.
PreflightAnswer preflight(const Target& target, const Server& server, std::chrono::nanoseconds timeout);

} // namespace loadgen
