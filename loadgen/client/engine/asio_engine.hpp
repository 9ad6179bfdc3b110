// The engine on Boost.Asio.
#pragma once

#include "client/engine/engine.hpp"

namespace loadgen {

std::unique_ptr<EventLoop> make_asio_loop();

} // namespace loadgen
