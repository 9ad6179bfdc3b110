// The engine on Linux's io_uring: what one turn of the loop has to do for all connections goes to the kernel
// in one system call.
#pragma once

#include "client/engine/engine.hpp"

namespace loadgen {

/// Throws boost::system::system_error if the system doesn't permit it.
std::unique_ptr<EventLoop> make_io_uring_loop();

} // namespace loadgen
