// An io_uring that several threads submit to, and one reaps (io_uring(7), liburing).
#pragma once

#include <liburing.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <stdexcept>

namespace uring {

/// The system doesn't have it, or forbids it.
class Unavailable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// To whom a request belongs, and with whom it dies: the thread that submits it, or a thread of the
/// kernel's (IORING_SETUP_SQPOLL).
enum class Submitter { thread, kernel };

struct Completion {
    std::uint64_t data;
    int result; ///< what the system call would return, or a negative errno
};

class Ring {
  public:
    /// With a table of so many descriptors that are the ring's own. Throws Unavailable.
    Ring(Submitter submitter, unsigned descriptors);
    ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    struct Request {
        std::uint64_t data;
        unsigned flags;
        std::function<void(io_uring_sqe*)> prepare; ///< fills it in, with io_uring_prep_*
    };

    /// Hands these to the kernel, together, in the thread that calls.
    void submit(std::initializer_list<Request> requests);

    /// Waits for one. For one thread.
    Completion wait();

  private:
    std::mutex submitting_;
    io_uring ring_{};
};

} // namespace uring
