#include "client/tally.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace loadgen {

void Tally::begin(Clock::time_point measured_from, std::chrono::system_clock::time_point started) {
    measured_from_ = measured_from;
    recording_.started = started;
}

void Tally::on_end(const Start& start, AttemptEnd&& end) {
    if (!start.measured)
        return;
    if (end.failure)
        end.failure->worker = worker_;
    recording_.record(std::move(end), Clock::now() - measured_from_);
}

void Tally::finish(const Schedule& schedule, std::uint64_t abandoned) {
    recording_.elapsed = std::max(Clock::now() - measured_from_, Clock::duration::zero());
    recording_.starts = schedule.starts();
    recording_.delayed_starts = schedule.delayed_starts();
    recording_.unstarted = schedule.unstarted();
    recording_.abandoned = abandoned;
    publish(0);
    hand_over_events(std::chrono::system_clock::time_point::max());
}

void Tally::hand_over_events(std::chrono::system_clock::time_point until) {
    const std::scoped_lock lock(mutex_);
    std::move(recording_.events.begin(), recording_.events.end(), std::back_inserter(handed_over_.events));
    recording_.events.clear();
    handed_over_.until = until;
}

EventsSoFar Tally::take_events() {
    const std::scoped_lock lock(mutex_);
    return {std::exchange(handed_over_.events, {}), handed_over_.until};
}

void Tally::publish(std::uint64_t connected) {
    hand_over_events(std::chrono::system_clock::now());
    const auto set = [](std::atomic<std::uint64_t>& shared, std::uint64_t value) {
        shared.store(value, std::memory_order_relaxed);
    };
    const Counters& counters = recording_.counters;
    set(published_.attempts, counters.attempts);
    set(published_.established, counters.established + connected);
    set(published_.answers, counters.answers);
    set(published_.resets, counters.resets());
    const auto p99 = recording_.latency.quantile(0.99);
    set(published_.p99_us, p99 ? static_cast<std::uint64_t>(p99->count()) : no_latency);
    set(published_.refused_or_unreachable, counters.of(Cause::refused) + counters.of(Cause::unreachable));
}

Progress Tally::progress() const {
    const auto get = [](const std::atomic<std::uint64_t>& shared) {
        return shared.load(std::memory_order_relaxed);
    };
    const std::uint64_t p99 = get(published_.p99_us);
    return {.attempts = get(published_.attempts),
            .established = get(published_.established),
            .answers = get(published_.answers),
            .resets = get(published_.resets),
            .refused_or_unreachable = get(published_.refused_or_unreachable),
            .p99 = p99 == no_latency ? std::nullopt : std::optional(std::chrono::microseconds{p99})};
}

} // namespace loadgen
