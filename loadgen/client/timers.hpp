// Calls at a time to come, for all connections of a worker.
#pragma once

#include "client/engine/engine.hpp"

#include <chrono>
#include <cstdint>
#include <queue>
#include <vector>

namespace loadgen {

class TimerUser {
  public:
    /// The time of the call with this number has come.
    virtual void on_time(std::uint64_t call) = 0;

  protected:
    ~TimerUser() = default;
};

/// A call cannot be taken back: a user forgets its number instead.
class Timers {
  public:
    using Clock = std::chrono::steady_clock;

    /// The loop must outlive it.
    explicit Timers(EventLoop& loop) : loop_(loop) {}

    /// The user, which must stay until then, will be called with the number that is returned.
    std::uint64_t call_at(Clock::time_point time, TimerUser& user) {
        calls_.push({time, ++last_, &user});
        loop_.wake_at(time);
        return last_;
    }

    /// Makes the calls whose time has come.
    void make_calls(Clock::time_point now) {
        while (!calls_.empty() && calls_.top().time <= now) {
            const Call call = calls_.top();
            calls_.pop();
            call.user->on_time(call.number);
        }
    }

    /// Of the next call; the end of time: there is none.
    Clock::time_point next() const { return calls_.empty() ? Clock::time_point::max() : calls_.top().time; }

  private:
    struct Call {
        Clock::time_point time;
        std::uint64_t number;
        TimerUser* user;
        friend bool operator>(const Call& a, const Call& b) { return a.time > b.time; }
    };

    EventLoop& loop_;
    std::priority_queue<Call, std::vector<Call>, std::greater<>> calls_;
    std::uint64_t last_ = 0;
};

} // namespace loadgen
