// The event loops that the contract of client/engine/engine.hpp is tried on.
#pragma once

#include "client/engine/engine.hpp"
#include "tests/engine/peers.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace loadgen {

struct LoopUnderTest {
    std::string name;
    std::function<std::unique_ptr<EventLoop>()> make;
    MakePeerStream make_peer_stream; ///< the server's end of what it speaks
};

/// Every engine that this system permits, and TLS where the build has it.
std::vector<LoopUnderTest> loops_under_test();

} // namespace loadgen
