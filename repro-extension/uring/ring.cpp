#include "ring.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace uring {
namespace {

// Room for every request that may be under way: what does not fit the kernel would keep, at a cost.
constexpr unsigned submissions = 256;
constexpr unsigned completions = 16 * 1024;

[[noreturn]] void fail(int result, const char* call) {
    throw std::system_error(-result, std::system_category(), call);
}

std::string why(int error) {
    if (error == ENOSYS)
        return "this kernel has no io_uring, or a filter of system calls (a container's) hides it";
    int disabled = 0;
    std::ifstream("/proc/sys/kernel/io_uring_disabled") >> disabled;
    if (disabled == 2)
        return "the system forbids io_uring (kernel.io_uring_disabled is 2)";
    if (disabled == 1)
        return "the system forbids io_uring to ordinary users (kernel.io_uring_disabled is 1)";
    if (error == EPERM || error == EACCES)
        return "io_uring is forbidden here, by a filter of system calls (a container's) or a security module";
    return fmt::format("io_uring does not start ({})", std::system_category().message(error));
}

} // namespace

Ring::Ring(Submitter submitter, unsigned descriptors) {
    io_uring_params parameters{};
    parameters.flags = IORING_SETUP_CQSIZE;
    parameters.cq_entries = completions;
    if (submitter == Submitter::kernel) {
        parameters.flags |= IORING_SETUP_SQPOLL;
        parameters.sq_thread_idle = 5; // ms
    }
    if (const int result = io_uring_queue_init_params(submissions, &ring_, &parameters); result < 0)
        throw Unavailable(why(-result));
    if (const int result = io_uring_register_files_sparse(&ring_, descriptors); result < 0) {
        io_uring_queue_exit(&ring_);
        throw Unavailable(fmt::format("the io_uring of this kernel is too old: it has no sparse table of "
                                      "descriptors ({}; Linux 5.19 has it)",
                                      std::system_category().message(-result)));
    }
}

Ring::~Ring() {
    io_uring_queue_exit(&ring_);
}

void Ring::submit(std::initializer_list<Request> requests) {
    const std::lock_guard lock(submitting_);
    // A chain that is cut in two is none, so all of it must find room. Only the kernel's thread
    // leaves entries behind, for a moment.
    while (io_uring_sq_space_left(&ring_) < requests.size()) {
        if (const int result = io_uring_sqring_wait(&ring_); result < 0)
            fail(result, "io_uring_sqring_wait");
    }
    for (const Request& request : requests) {
        io_uring_sqe* const entry = io_uring_get_sqe(&ring_);
        request.prepare(entry);
        entry->flags = static_cast<std::uint8_t>(entry->flags | request.flags);
        entry->user_data = request.data;
    }
    int result = 0;
    do {
        result = io_uring_submit(&ring_);
    } while (result == -EINTR || result == -EAGAIN);
    if (result < 0)
        fail(result, "io_uring_submit");
}

Completion Ring::wait() {
    io_uring_cqe* entry = nullptr;
    int result = 0;
    do {
        result = io_uring_wait_cqe(&ring_, &entry);
    } while (result == -EINTR);
    if (result < 0)
        fail(result, "io_uring_wait_cqe");
    const Completion completion{.data = entry->user_data, .result = entry->res};
    io_uring_cqe_seen(&ring_, entry);
    return completion;
}

} // namespace uring
