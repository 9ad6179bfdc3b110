#include "tests/engine/ring_failures.hpp"

#include <liburing.h>

#include <optional>

namespace loadgen {
namespace {

thread_local int failure = 0;
thread_local unsigned failures = 0;

std::optional<int> take_failure() {
    if (failures == 0)
        return std::nullopt;
    --failures;
    return failure;
}

} // namespace

void let_fail(int error, unsigned times) {
    failure = -error;
    failures = times;
}

unsigned failures_left() {
    return failures;
}

// The linker puts these in the place of liburing's, and makes their names (ld(1), --wrap).
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
int __real_io_uring_submit(io_uring* ring);
int __real_io_uring_submit_and_get_events(io_uring* ring);
int __real_io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** entry, unsigned count,
                                            __kernel_timespec* time, sigset_t* signals);

int __wrap_io_uring_submit(io_uring* ring) {
    const auto injected = take_failure();
    return injected ? *injected : __real_io_uring_submit(ring);
}
int __wrap_io_uring_submit_and_get_events(io_uring* ring) {
    const auto injected = take_failure();
    return injected ? *injected : __real_io_uring_submit_and_get_events(ring);
}
int __wrap_io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** entry, unsigned count,
                                            __kernel_timespec* time, sigset_t* signals) {
    const auto injected = take_failure();
    return injected ? *injected : __real_io_uring_submit_and_wait_timeout(ring, entry, count, time, signals);
}
}
// NOLINTEND(bugprone-reserved-identifier)

} // namespace loadgen
