// The engine on Linux's epoll(7), without a library between.
#pragma once

#include "client/engine/engine.hpp"

namespace loadgen {

/// Throws boost::system::system_error if the system has no epoll instance to give.
std::unique_ptr<EventLoop> make_epoll_loop();

} // namespace loadgen
