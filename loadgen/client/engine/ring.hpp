// An io_uring of one thread (io_uring(7), liburing).
#pragma once

#include <liburing.h>

#include <chrono>
#include <cstdint>

namespace loadgen {

class Ring {
  public:
    /// Who hears of completions.
    class alignas(8) Listener {
      public:
        /// `result` is what the operation's system call would return, or a negative errno.
        virtual void on_completion(unsigned tag, int result) = 0;

      protected:
        ~Listener() = default;
    };

    /// Throws boost::system::system_error if the system doesn't permit it.
    Ring();
    ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    /// So many of the next submissions reach the kernel together, as those must that are linked.
    void reserve(unsigned count);

    /// Queues an operation: prepare(io_uring_sqe*) fills it in, with io_uring_prep_*. Its completion goes to
    /// the listener, with the tag (0..7).
    template <class Prepare>
    void submit(Listener& listener, unsigned tag, unsigned flags, Prepare prepare) {
        queue(reinterpret_cast<std::uintptr_t>(&listener) | tag, flags, prepare);
    }
    /// One that nobody wants to hear of.
    template <class Prepare>
    void submit(Prepare prepare) {
        queue(0, IOSQE_CQE_SKIP_SUCCESS, prepare);
    }

    /// Hands the queue to the kernel, waits so long at most for a completion, and tells of all that there
    /// are.
    void turn(std::chrono::nanoseconds longest);

  private:
    template <class Prepare>
    void queue(std::uint64_t data, unsigned flags, Prepare prepare) {
        reserve(1);
        io_uring_sqe* const entry = io_uring_get_sqe(&ring_);
        prepare(entry);
        entry->flags = static_cast<std::uint8_t>(entry->flags | flags);
        entry->user_data = data;
    }

    io_uring ring_{};
};

} // namespace loadgen
