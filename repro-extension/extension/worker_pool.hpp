// The recommended workaround of KB 813531, shaped as in KB 197728: threads that never exit wait on
// one completion port, to which HttpExtensionProc posts the control block.
#pragma once

#include "windows.hpp"

namespace repro::worker_pool {

/// False if the port or one of the threads can't be created.
bool start() noexcept;

/// HSE_STATUS_PENDING, or a 503 if the queue is full.
DWORD process(ECB& ecb) noexcept;

/// Lets the queued requests finish, and waits until the threads have ended.
void stop() noexcept;

} // namespace repro::worker_pool
