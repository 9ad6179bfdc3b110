#include "measure/recording.hpp"

#include <algorithm>

namespace loadgen {
namespace {

std::chrono::sys_seconds nearest_second(std::chrono::system_clock::time_point time) {
    return std::chrono::floor<std::chrono::seconds>(time + std::chrono::milliseconds{500});
}

void begin_earlier(std::vector<Interval>& intervals, std::chrono::seconds by) {
    if (!intervals.empty() && by.count() > 0)
        intervals.insert(intervals.begin(), static_cast<std::size_t>(by.count()), Interval{});
}

} // namespace

Interval& Interval::operator+=(const Interval& other) {
    attempts += other.attempts;
    answers += other.answers;
    resets += other.resets;
    other_failures += other.other_failures;
    latency += other.latency;
    return *this;
}

Recording& Recording::operator+=(const Recording& other) {
    counters += other.counters;
    latency += other.latency;
    first_byte += other.first_byte;
    connect += other.connect;
    if (intervals.size() < other.intervals.size())
        intervals.resize(other.intervals.size());
    for (std::size_t i = 0; i < other.intervals.size(); ++i)
        intervals[i] += other.intervals[i];
    for (const auto& [name, count] : other.local_errors)
        local_errors[name] += count;
    const auto middle = static_cast<std::ptrdiff_t>(events.size());
    events.insert(events.end(), other.events.begin(), other.events.end());
    std::inplace_merge(events.begin(), events.begin() + middle, events.end(),
                       [](const Event& a, const Event& b) { return a.time < b.time; });
    delayed_starts += other.delayed_starts;
    unstarted += other.unstarted;
    abandoned += other.abandoned;
    return *this;
}

void Recording::add_concurrent(Recording other) {
    using std::chrono::system_clock;
    const auto end =
        std::max(started + std::chrono::duration_cast<system_clock::duration>(elapsed),
                 other.started + std::chrono::duration_cast<system_clock::duration>(other.elapsed));
    const auto later = nearest_second(other.started) - nearest_second(started);
    begin_earlier(other.intervals, later);
    begin_earlier(intervals, -later);
    started = std::min(started, other.started);
    elapsed = end - started;
    *this += other;
}

} // namespace loadgen
