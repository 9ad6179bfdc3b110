#include "base/activity.hpp"

namespace host {

void Activity::leave() noexcept {
    if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        const std::lock_guard lock(guard_);
        idle_.notify_all();
    }
}

bool Activity::wait_until_idle(std::chrono::milliseconds limit) {
    std::unique_lock lock(guard_);
    return idle_.wait_for(lock, limit, [this] { return running_.load(std::memory_order_acquire) == 0; });
}

} // namespace host
