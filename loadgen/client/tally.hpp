// What a worker has recorded, and what can be seen of it from other threads while it works.
#pragma once

#include "client/schedule.hpp"
#include "client/start.hpp"
#include "measure/progress.hpp"
#include "measure/recording.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace loadgen {

struct EventsSoFar {
    std::vector<Event> events;
    std::chrono::system_clock::time_point until; ///< no earlier one is to come
};

class Tally {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Tally(unsigned worker) : worker_(worker) {}

    // By the worker:

    /// From here on attempts are measured. Both clocks name the same moment.
    void begin(Clock::time_point measured_from, std::chrono::system_clock::time_point started);
    /// Once for each attempt.
    void on_end(const Start& start, AttemptEnd&& end);
    /// Shows the others how things stand. `connected`: attempts under way that have made a connection.
    void publish(std::uint64_t connected);
    /// All is over. `abandoned`: attempts that were cut off.
    void finish(const Schedule& schedule, std::uint64_t abandoned);

    // By any thread:

    /// As of the last publish().
    Progress progress() const;
    /// The events since the last call, up to the last publish().
    EventsSoFar take_events();

    /// After finish(). Its events are those not yet published: none.
    const Recording& recording() const { return recording_; }

  private:
    void hand_over_events(std::chrono::system_clock::time_point until);

    unsigned worker_;
    Clock::time_point measured_from_{};
    Recording recording_;

    std::mutex mutex_;
    EventsSoFar handed_over_; // guarded by mutex_

    static constexpr std::uint64_t no_latency = UINT64_MAX; // in the place of one
    struct alignas(64) Published {                          // on a cache line of its own
        std::atomic<std::uint64_t> attempts = 0;
        std::atomic<std::uint64_t> established = 0;
        std::atomic<std::uint64_t> answers = 0;
        std::atomic<std::uint64_t> resets = 0;
        std::atomic<std::uint64_t> refused_or_unreachable = 0;
        std::atomic<std::uint64_t> p99_us = no_latency;
    } published_;
};

} // namespace loadgen
