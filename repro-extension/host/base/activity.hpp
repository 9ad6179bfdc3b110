// What is still under way: the host ends when nothing is.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace host {

/// Everything that must be over before the host may end: each I/O request posted and not yet
/// handled, each packet underway, each request an extension still holds. Whoever passes work on
/// enters for the next piece before it leaves the last, so the count reaches zero only when nothing
/// can start any more.
class Activity {
  public:
    void enter() noexcept { running_.fetch_add(1, std::memory_order_relaxed); }
    void leave() noexcept;

    /// Asks everybody to begin nothing new.
    void stop() noexcept { stopping_ = true; }
    bool stopping() const noexcept { return stopping_; }

    /// Blocks until the count is zero, or `limit` is over; whether it is zero.
    [[nodiscard]] bool wait_until_idle(std::chrono::milliseconds limit);

  private:
    std::atomic<std::int64_t> running_ = 0;
    std::atomic<bool> stopping_ = false;
    std::mutex guard_;
    std::condition_variable idle_;
};

} // namespace host
