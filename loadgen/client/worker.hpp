// One thread of a load: it owns its connections, its clock and its share of the counts, and shares nothing on
// the way.
#pragma once

#include "client/load_plan.hpp"
#include "client/schedule.hpp"
#include "client/tally.hpp"
#include "client/target.hpp"

#include <atomic>
#include <chrono>

namespace loadgen {

class Worker {
  public:
    using Clock = std::chrono::steady_clock;

    /// The plan and the target must outlive it.
    Worker(const LoadPlan& plan, const Target& target, Share share)
        : plan_(plan), target_(target), share_(share), tally_(share.index) {}

    /// The thread's body: returns when every attempt has ended.
    void run(Clock::time_point started, std::chrono::system_clock::time_point started_at);

    /// From any thread: start no more attempts, finish those in flight.
    void stop() { stopping_.store(true, std::memory_order_relaxed); }
    /// From any thread: give up those in flight too.
    void abandon() { abandoning_.store(true, std::memory_order_relaxed); }

    /// From any thread: the counts as they stood at the last tick.
    Progress progress() const { return tally_.progress(); }
    /// From any thread: the events since the last call, up to the last tick; after run has returned, all of
    /// them.
    EventsSoFar take_events() { return tally_.take_events(); }

    /// After run has returned.
    const Recording& recording() const { return tally_.recording(); }

  private:
    class Duty;

    const LoadPlan& plan_;
    const Target& target_;
    Share share_;
    Tally tally_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> abandoning_ = false;
};

} // namespace loadgen
