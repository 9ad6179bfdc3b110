// The engines that a test can run here.
#pragma once

#include "client/engine/engine.hpp"

#include <vector>

namespace loadgen {

inline std::vector<Engine> engines_here() {
    std::vector<Engine> engines = {Engine::asio};
    if (io_uring_is_permitted())
        engines.push_back(Engine::io_uring);
    return engines;
}

} // namespace loadgen
