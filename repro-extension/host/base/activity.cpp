#include "base/activity.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

namespace host {

void Activity::leave() noexcept {
    if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        const std::lock_guard lock(guard_);
        idle_.notify_all();
    }
}

void Activity::wait_until_idle() {
    using namespace std::chrono_literals;
    std::unique_lock lock(guard_);
    while (!idle_.wait_for(lock, 5s, [this] { return running_.load(std::memory_order_acquire) == 0; }))
        spdlog::info("waiting for {} requests to finish", running_.load());
}

} // namespace host
