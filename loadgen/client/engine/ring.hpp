// An io_uring of one thread (io_uring(7), liburing).
#pragma once

#include <liburing.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace loadgen {

class Ring {
  public:
    /// Who hears of completions.
    class alignas(8) Listener {
      public:
        /// `result` is what the operation's system call would return, or a negative errno; `flags` are the
        /// completion's (IORING_CQE_F_...).
        virtual void on_completion(unsigned tag, int result, unsigned flags) = 0;

      protected:
        ~Listener() = default;
    };

    /// Room for so many; of completions, what doesn't fit the kernel keeps, at a cost. Throws
    /// boost::system::system_error if the system doesn't permit it.
    explicit Ring(unsigned submissions = 1024, unsigned completions = 32 * 1024);
    ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    // Those below throw boost::system::system_error, naming the call of liburing, if the kernel goes on
    // failing.

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

    /// Hands the queue to the kernel now, if it takes it, and else at the next turn.
    void hand_over();

    /// Hands the queue to the kernel, waits so long at most for a completion, and tells of all that are
    /// handed over: of how many. The kernel hands over 20 at most of those that it has, if it was not waited
    /// for more (Linux 6.13, IO_LOCAL_TW_DEFAULT_MAX).
    std::size_t turn(std::chrono::nanoseconds longest);

    /// Of nothing that is under way anybody hears any more, and all else fails.
    void end() noexcept;

  private:
    struct Completion {
        std::uint64_t data;
        int result;
        unsigned flags;
    };

    int submit_and_wait(std::chrono::nanoseconds longest);
    bool set_aside();
    Completion take();
    Completion take_from_ring();
    void check_goes_on() const;

    template <class Prepare>
    void queue(std::uint64_t data, unsigned flags, Prepare prepare) {
        reserve(1);
        io_uring_sqe* const entry = io_uring_get_sqe(&ring_);
        prepare(entry);
        entry->flags = static_cast<std::uint8_t>(entry->flags | flags);
        entry->user_data = data;
    }

    io_uring ring_{};
    bool has_ended_ = false;
    std::vector<Completion> set_aside_; // older than those on the ring
    std::size_t told_ = 0;              // of those set aside
};

} // namespace loadgen
