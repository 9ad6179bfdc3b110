// When a worker's attempts start, and from when on none start any more.
#pragma once

#include "client/arrivals.hpp"
#include "client/load_plan.hpp"
#include "client/start.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace loadgen {

/// One worker's part of a load.
struct Share {
    unsigned index = 0;
    unsigned count = 1; ///< of workers
    unsigned connections = 1;
    std::optional<std::uint64_t> requests;
};

/// Closed loop: an attempt starts whenever a connection is free. Open loop: at times of its own; those for
/// which no connection is free then wait for one, in their order.
class Schedule {
  public:
    using Clock = std::chrono::steady_clock;

    /// `stopping`: no more attempts are to start. The plan and it must outlive the schedule.
    Schedule(const LoadPlan& plan, const Share& share, Clock::time_point started,
             const std::atomic<bool>& stopping);

    bool is_open_loop() const { return arrivals_.has_value(); }

    /// A connection is free: the intended start of the attempt that it is to begin now, if there is one.
    std::optional<Clock::time_point> on_free(Clock::time_point now);
    /// Open loop: the next intended start, if its time has come.
    std::optional<Clock::time_point> take_due(Clock::time_point now);
    /// No connection is free for it: on_free() will give it out.
    void keep_waiting(Clock::time_point intended) { waiting_.push_back(intended); }

    /// An attempt begins.
    Start begin(Clock::time_point now, Clock::time_point intended);

    /// An attempt may yet start without another one's end.
    bool has_more(Clock::time_point now) const;
    /// When take_due() is to be asked again at the latest; the end of time: never.
    Clock::time_point next() const;

    // Of those that are measured:

    std::uint64_t starts() const { return starts_; }
    std::uint64_t delayed_starts() const { return delayed_starts_; } ///< that had to wait
    std::uint64_t unstarted() const { return waiting_.size(); }      ///< that are still waiting

  private:
    bool is_over(Clock::time_point time) const;
    bool is_cut_off(Clock::time_point time) const;
    bool is_measured(Clock::time_point intended) const { return intended >= measured_from_; }
    void grant(Clock::time_point intended) { granted_ += is_measured(intended) ? 1 : 0; }

    const LoadPlan& plan_;
    std::optional<std::uint64_t> requests_; // of the measured ones, at most
    const std::atomic<bool>& stopping_;
    Clock::time_point measured_from_; // the end of the warm-up
    std::optional<Arrivals> arrivals_;
    std::deque<Clock::time_point> waiting_;
    std::uint64_t granted_ = 0; // of the measured ones, started or waiting
    std::uint64_t attempts_ = 0;
    std::uint64_t starts_ = 0;
    std::uint64_t delayed_starts_ = 0;
};

} // namespace loadgen
