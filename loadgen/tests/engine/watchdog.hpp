// Ends a test that would never end, and says where it was.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

namespace loadgen {

/// When no step has begun for a minute, it tells of the last one and aborts: what hangs would hang on while
/// an exception unwinds.
class Watchdog {
    using Clock = std::chrono::steady_clock;

  public:
    Watchdog(std::string_view step, std::function<void(std::string_view)> tell)
        : step_(step),
          tell_(std::move(tell)),
          thread_([this](const std::stop_token& stop) { watch(stop); }) {}

    void begin(std::string_view step) {
        const std::scoped_lock lock(mutex_);
        step_ = step;
        since_ = Clock::now();
    }

  private:
    static constexpr std::chrono::minutes patience{1};

    void watch(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            changed_.wait_until(lock, stop, since_ + patience, [] { return false; });
            if (stop.stop_requested() || Clock::now() < since_ + patience)
                continue;
            tell_(step_);
            std::abort();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_; // of nothing but the stop: a step only makes it wait longer
    std::string_view step_;
    Clock::time_point since_ = Clock::now();
    std::function<void(std::string_view)> tell_;
    std::jthread thread_;
};

} // namespace loadgen
