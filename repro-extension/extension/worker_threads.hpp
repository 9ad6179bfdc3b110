// The faulty design of KB 813531 and KB 185518: a new thread for each request, which calls
// HSE_REQ_DONE_WITH_SESSION and exits.
#pragma once

#include "windows.hpp"

namespace repro::worker_threads {

bool start() noexcept;

/// HSE_STATUS_PENDING, or a 503 if no thread can be created.
DWORD process(ECB& ecb) noexcept;

/// Waits until every thread has ended, not merely finished its request: the last instructions of a
/// thread function are code of the DLL, which the server unloads next.
void stop() noexcept;

} // namespace repro::worker_threads
