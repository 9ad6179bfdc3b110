// An event loop that waits and handles what has come, turn by turn.
#pragma once

#include "client/engine/engine.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace loadgen {

class TurningLoop : public EventLoop {
  public:
    void run(const std::function<void()>& on_time) final {
        while (!stopped_) {
            const std::size_t told = turn(next_);
            if (stopped_ || Clock::now() < next_)
                continue;
            if (told > 0) // that took time, in which more may have come
                tell_the_rest();
            if (stopped_)
                return;
            next_ = Clock::time_point::max();
            on_time();
        }
    }
    void wake_at(Clock::time_point time) final { next_ = std::min(next_, time); }
    void stop() final { stopped_ = true; }
    bool is_stopped() const { return stopped_; }

  protected:
    /// Waits until then at most for something to happen, and tells the transports' users of what has: of
    /// how much. It may be a part; the rest is for further turns.
    virtual std::size_t turn(Clock::time_point until) = 0;

    void count_transport() { ++transports_; }

    /// How long a turn may wait. Never longer than an hour, which every system call can take.
    static std::chrono::nanoseconds left(Clock::time_point until) {
        using namespace std::chrono_literals;
        const auto now = Clock::now();
        return until <= now ? 0ns : std::min<std::chrono::nanoseconds>(until - now, 1h);
    }

  private:
    /// Of each transport two operations can have ended by now. What keeps ending is no part of it: a peer
    /// that never stops sending must not stop the clock.
    void tell_the_rest() {
        for (std::size_t left = 2 * transports_; left > 0 && !stopped_;) {
            const std::size_t told = turn(Clock::time_point::min());
            if (told == 0)
                return;
            left -= std::min(left, told);
        }
    }

    std::size_t transports_ = 0; // that were ever made
    Clock::time_point next_ = Clock::time_point::max();
    bool stopped_ = false;
};

} // namespace loadgen
