#include "client/engine/ring.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>

namespace loadgen {
namespace {

constexpr std::uint64_t tags = 7;
constexpr unsigned most_tries = 100;

[[noreturn]] void fail(int result, const char* call) {
    throw boost::system::system_error(-result, boost::system::system_category(), call);
}

bool is_passing(int result) {
    return result == -EINTR || result == -EAGAIN || result == -EBUSY || result == -ETIME;
}

} // namespace

Ring::Ring(unsigned submissions, unsigned completions) {
    io_uring_params parameters{};
    parameters.cq_entries = completions;
    // One thread submits and reaps, and is not interrupted for a completion before it asks for one
    // (Linux 6.1).
    parameters.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    if (const int error = io_uring_queue_init_params(submissions, &ring_, &parameters); error < 0)
        fail(error, "io_uring");
}

Ring::~Ring() {
    if (!has_ended_)
        io_uring_submit(&ring_); // there may be descriptors to close
    end();
}

void Ring::end() noexcept {
    if (has_ended_)
        return;
    io_uring_queue_exit(&ring_);
    has_ended_ = true;
}

void Ring::check_goes_on() const {
    if (has_ended_)
        fail(-EBADF, "io_uring");
}

void Ring::reserve(unsigned count) {
    check_goes_on();
    for (unsigned tries = 0; io_uring_sq_space_left(&ring_) < count;) {
        const int result = io_uring_submit(&ring_);
        if (result >= 0)
            continue;
        if (!is_passing(result) || tries == most_tries)
            fail(result, "io_uring_submit");
        // It may have too many completions to take more (EBUSY). Who waits for them must not hear of them
        // from within what it does now.
        if (!set_aside())
            ++tries;
    }
}

void Ring::hand_over() {
    check_goes_on();
    if (const int result = io_uring_submit(&ring_); result < 0 && !is_passing(result))
        fail(result, "io_uring_submit");
}

int Ring::submit_and_wait(std::chrono::nanoseconds longest) {
    using namespace std::chrono_literals;
    __kernel_timespec time{.tv_sec = longest / 1s, .tv_nsec = (longest % 1s).count()};
    io_uring_cqe* entry = nullptr;
    return io_uring_submit_and_wait_timeout(&ring_, &entry, 1, &time, nullptr);
}

std::size_t Ring::turn(std::chrono::nanoseconds longest) {
    check_goes_on();
    // With a completion at hand liburing would ask for no more, and of what the kernel has put off until it
    // is asked (IORING_SETUP_DEFER_TASKRUN) nothing would come.
    const bool has_some = !set_aside_.empty() || io_uring_cq_ready(&ring_) > 0;
    const bool waits = !has_some && longest > std::chrono::nanoseconds::zero();
    const int result = waits ? submit_and_wait(longest) : io_uring_submit_and_get_events(&ring_);
    if (result < 0 && !is_passing(result))
        fail(result, waits ? "io_uring_submit_and_wait_timeout" : "io_uring_submit_and_get_events");
    const std::size_t count = set_aside_.size() - told_ + io_uring_cq_ready(&ring_);
    for (std::size_t left = count; left > 0; --left) {
        const Completion completion = take();
        if (completion.data != 0) // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel carries an integer
            reinterpret_cast<Listener*>(completion.data & ~tags)
                ->on_completion(static_cast<unsigned>(completion.data & tags), completion.result,
                                completion.flags);
    }
    return count;
}

bool Ring::set_aside() {
    const unsigned count = io_uring_cq_ready(&ring_);
    for (unsigned i = 0; i < count; ++i)
        set_aside_.push_back(take_from_ring());
    return count > 0;
}

Ring::Completion Ring::take() {
    if (set_aside_.empty())
        return take_from_ring();
    const Completion completion = set_aside_[told_];
    if (++told_ == set_aside_.size()) {
        set_aside_.clear();
        told_ = 0;
    }
    return completion;
}

// There must be one.
Ring::Completion Ring::take_from_ring() {
    io_uring_cqe* entry = nullptr;
    io_uring_peek_cqe(&ring_, &entry);
    const Completion completion{.data = entry->user_data, .result = entry->res, .flags = entry->flags};
    io_uring_cqe_seen(&ring_, entry);
    return completion;
}

} // namespace loadgen
