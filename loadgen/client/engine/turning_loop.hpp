// An event loop that waits and handles what has come, turn by turn.
#pragma once

#include "client/engine/engine.hpp"

#include <algorithm>

namespace loadgen {

class TurningLoop : public EventLoop {
  public:
    void run(const std::function<void()>& on_time) final {
        while (!stopped_) {
            turn(next_);
            if (stopped_ || Clock::now() < next_)
                continue;
            next_ = Clock::time_point::max();
            on_time();
        }
    }
    void wake_at(Clock::time_point time) final { next_ = std::min(next_, time); }
    void stop() final { stopped_ = true; }
    bool is_stopped() const { return stopped_; }

  protected:
    /// Waits until then at most for something to happen, and tells the transports' users of all that has.
    virtual void turn(Clock::time_point until) = 0;

    /// How long a turn may wait. Never longer than an hour, which every system call can take.
    static std::chrono::nanoseconds left(Clock::time_point until) {
        using namespace std::chrono_literals;
        return std::clamp<std::chrono::nanoseconds>(until - Clock::now(), 0ns, 1h);
    }

  private:
    Clock::time_point next_ = Clock::time_point::max();
    bool stopped_ = false;
};

} // namespace loadgen
