// One thread of a load: it owns its connections, its clock and its share of the counts, and shares nothing on
// the way.
#pragma once

#include "client/load_plan.hpp"
#include "client/target.hpp"
#include "measure/progress.hpp"
#include "measure/recording.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <vector>

namespace loadgen {

class Connection;

/// A whole HTTP answer.
struct Answered {
    unsigned status = 0;
    std::chrono::nanoseconds latency{0}; ///< from the start of the attempt, our own send delay left out
};

class Worker {
  public:
    using Clock = std::chrono::steady_clock;

    struct Share {
        unsigned index = 0;
        unsigned connections = 1;
        std::optional<std::uint64_t> requests;
    };

    /// The plan and the target must outlive it.
    Worker(const LoadPlan& plan, const Target& target, Share share);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// The thread's body: returns when every attempt has ended.
    void run(Clock::time_point started, std::chrono::system_clock::time_point started_at);

    /// From any thread: start no more attempts, finish those in flight.
    void stop() { stopping_.store(true, std::memory_order_relaxed); }
    /// From any thread: give up those in flight too.
    void abandon() { abandoning_.store(true, std::memory_order_relaxed); }

    /// From any thread: the counts as they stood at the last tick.
    Progress progress() const;

    /// From any thread: the events since the last call, up to the last tick; after run has returned, all of
    /// them.
    std::vector<Event> take_events();

    /// After run has returned.
    const Recording& recording() const { return recording_; }

    // What its connections need:

    const LoadPlan& plan() const { return plan_; }
    const Target& target() const { return target_; }
    boost::asio::io_context& context() { return context_; }

    /// The number of the attempt that may start now; none when the load is over.
    std::optional<std::uint64_t> grant_attempt(Clock::time_point now);
    /// Where the next connection is to come from; nullptr: from wherever the system chooses.
    const boost::asio::ip::address* next_source_address();
    std::chrono::nanoseconds draw_delay() { return plan_.send_delay.draw(random_); }

    void record_established(std::chrono::nanoseconds connect_time);
    void record_request_sent() { ++recording_.counters.requests_sent; }
    void record_bytes(std::size_t bytes) { recording_.counters.bytes_read += bytes; }
    /// Once for each attempt, when it has ended: with an answer, a failure, or (phase finish) both.
    void record_attempt(Clock::time_point now, const std::optional<Answered>& answered,
                        std::optional<Event> failure);
    /// The connection has run its last attempt.
    void retire();

  private:
    void schedule_tick();
    void on_tick();
    void publish();
    void hand_over_events();

    const LoadPlan& plan_;
    const Target& target_;
    Share share_;
    boost::asio::io_context context_{1};
    boost::asio::steady_timer tick_timer_{context_};
    std::mt19937_64 random_;
    std::vector<std::unique_ptr<Connection>> connections_; // a connection's handlers hold its address
    Recording recording_;
    Clock::time_point started_{};
    std::uint64_t granted_ = 0;
    std::size_t next_source_ = 0;
    unsigned at_work_ = 0;

    std::mutex mutex_;
    std::vector<Event> handed_over_; // guarded by mutex_

    std::atomic<bool> stopping_ = false;
    std::atomic<bool> abandoning_ = false;

    struct alignas(64) Published { // written once a tick, on a cache line of its own
        std::atomic<std::uint64_t> attempts = 0;
        std::atomic<std::uint64_t> established = 0;
        std::atomic<std::uint64_t> answers = 0;
        std::atomic<std::uint64_t> resets = 0;
        std::atomic<std::uint64_t> refused_or_unreachable = 0;
    } published_;
};

} // namespace loadgen
