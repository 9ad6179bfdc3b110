#include "measure/recording.hpp"

#include <algorithm>

namespace loadgen {

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

} // namespace loadgen
