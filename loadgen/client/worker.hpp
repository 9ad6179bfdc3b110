// One thread of a load: it owns its connections, its clock and its share of the counts, and shares nothing on
// the way.
#pragma once

#include "client/arrivals.hpp"
#include "client/engine/engine.hpp"
#include "client/load_plan.hpp"
#include "client/target.hpp"
#include "measure/progress.hpp"
#include "measure/recording.hpp"

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <random>
#include <vector>

namespace loadgen {

class Connection;

/// An attempt that begins.
struct Start {
    std::uint64_t attempt = 0; ///< running number within the worker, from 1
    std::chrono::steady_clock::time_point begun{};
    std::chrono::steady_clock::time_point intended{}; ///< earlier if all connections were busy then
    bool measured = true;                             ///< not of the warm-up
};

class Worker {
  public:
    using Clock = std::chrono::steady_clock;

    struct Share {
        unsigned index = 0;
        unsigned count = 1; ///< of workers
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
    struct EventsSoFar {
        std::vector<Event> events;
        std::chrono::system_clock::time_point until; ///< no earlier one is to come
    };
    /// From any thread: the events since the last call, up to the last tick; after run has returned, all of
    /// them.
    EventsSoFar take_events();

    /// After run has returned.
    const Recording& recording() const { return recording_; }

    // What its connections need:

    const LoadPlan& plan() const { return plan_; }
    const Target& target() const { return target_; }
    EventLoop& loop() { return *loop_; }

    /// The connection's on_time will be called then, with the number that is returned.
    std::uint64_t call_at(Clock::time_point time, Connection& connection);
    /// The connection's attempt is over, and it can begin another.
    void on_free(Connection& connection);

    /// Where the next connection is to go.
    const Server& next_server() { return next(target_.servers, next_server_); }
    /// Where it is to come from; nullptr: from wherever the system chooses.
    const boost::asio::ip::address* next_source_address() {
        return plan_.source_addresses.empty() ? nullptr : &next(plan_.source_addresses, next_source_);
    }
    /// What the next attempt is to send.
    const Request& next_request() { return next(target_.requests, next_request_); }
    std::chrono::nanoseconds draw_delay();

    /// Once for each attempt.
    void on_end(const Start& start, AttemptEnd&& end);

  private:
    struct Call {
        Clock::time_point time;
        std::uint64_t number;
        Connection* connection;
        friend bool operator>(const Call& a, const Call& b) { return a.time > b.time; }
    };

    class LoopEnd;

    template <class Item>
    static const Item& next(const std::vector<Item>& items, std::size_t& number) {
        if (number >= items.size())
            number %= items.size();
        return items[number++];
    }

    void on_time();
    void make_calls(Clock::time_point now);
    void tick(Clock::time_point now);
    void let_arrive(Clock::time_point now);
    bool is_over(Clock::time_point time) const;
    bool is_cut_off(Clock::time_point time) const;
    bool is_measured(Clock::time_point intended) const { return intended >= measured_from_; }
    void grant(Clock::time_point intended) { granted_ += is_measured(intended) ? 1 : 0; }
    void start(Connection& connection, Clock::time_point now, Clock::time_point intended);
    void stop_when_done(Clock::time_point now);
    void publish(std::uint64_t connected);
    void hand_over_events(std::chrono::system_clock::time_point until);

    const LoadPlan& plan_;
    const Target& target_;
    Share share_;
    std::mt19937_64 random_;
    std::unique_ptr<EventLoop> loop_; // while run() goes on
    std::vector<std::unique_ptr<Connection>> connections_;
    std::priority_queue<Call, std::vector<Call>, std::greater<>> calls_;
    std::uint64_t last_call_ = 0;
    Clock::time_point next_tick_{};

    Recording recording_;
    Clock::time_point measured_from_{}; // the end of the warm-up
    std::uint64_t attempts_ = 0;
    std::uint64_t granted_ = 0; // of the measured ones, started or waiting
    unsigned busy_ = 0;
    // Workers begin at different ones, so that a short load with many threads meets them all.
    std::size_t next_server_;
    std::size_t next_source_;
    std::size_t next_request_;

    std::optional<Arrivals> arrivals_; // open loop
    std::vector<Connection*> free_;
    std::deque<Clock::time_point> waiting_; // arrived, and no connection was free

    std::mutex mutex_;
    EventsSoFar handed_over_; // guarded by mutex_

    std::atomic<bool> stopping_ = false;
    std::atomic<bool> abandoning_ = false;

    struct alignas(64) Published { // written once a tick, on a cache line of its own
        std::atomic<std::uint64_t> attempts = 0;
        std::atomic<std::uint64_t> established = 0;
        std::atomic<std::uint64_t> answers = 0;
        std::atomic<std::uint64_t> resets = 0;
        std::atomic<std::uint64_t> refused_or_unreachable = 0;
        std::atomic<std::uint64_t> p99_us = 0;
    } published_;
};

} // namespace loadgen
