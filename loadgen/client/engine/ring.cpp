#include "client/engine/ring.hpp"

#include <boost/system/system_error.hpp>

namespace loadgen {
namespace {

constexpr unsigned submissions = 1024;
constexpr unsigned completions = 32 * 1024; // what doesn't fit the kernel keeps, at a cost
constexpr std::uint64_t tags = 7;

} // namespace

Ring::Ring() {
    io_uring_params parameters{};
    parameters.cq_entries = completions;
    // One thread submits and reaps, and is not interrupted for a completion before it asks for one
    // (Linux 6.1).
    parameters.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    if (const int error = io_uring_queue_init_params(submissions, &ring_, &parameters); error < 0)
        throw boost::system::system_error(-error, boost::system::system_category(), "io_uring");
}

Ring::~Ring() {
    io_uring_submit(&ring_); // a close that is still queued: its descriptor would stay open for ever
    io_uring_queue_exit(&ring_);
}

void Ring::reserve(unsigned count) {
    if (io_uring_sq_space_left(&ring_) < count)
        io_uring_submit(&ring_);
}

void Ring::turn(std::chrono::nanoseconds longest) {
    using namespace std::chrono_literals;
    __kernel_timespec time{.tv_sec = longest / 1s, .tv_nsec = (longest % 1s).count()};
    io_uring_cqe* entry = nullptr;
    io_uring_submit_and_wait_timeout(&ring_, &entry, 1, &time, nullptr);
    unsigned head = 0;
    unsigned seen = 0;
    io_uring_for_each_cqe(&ring_, head, entry) {
        ++seen;
        const std::uint64_t data = entry->user_data;
        if (data != 0)
            reinterpret_cast<Listener*>(data & ~tags)
                ->on_completion(static_cast<unsigned>(data & tags), entry->res);
    }
    io_uring_cq_advance(&ring_, seen);
}

} // namespace loadgen
