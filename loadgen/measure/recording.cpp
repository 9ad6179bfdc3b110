#include "measure/recording.hpp"

#include <algorithm>
#include <utility>

namespace loadgen {
namespace {

std::chrono::sys_seconds nearest_second(std::chrono::system_clock::time_point time) {
    return std::chrono::floor<std::chrono::seconds>(time + std::chrono::milliseconds{500});
}

// What is no valid status is the server's error (RFC 9110, 15).
std::size_t status_class(unsigned status) {
    return status >= 100 && status < 600 ? status / 100 : 5;
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
    lost += other.lost;
    latency += other.latency;
    return *this;
}

void Recording::record(AttemptEnd end, std::chrono::nanoseconds after) {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    const auto second = static_cast<std::size_t>(
        std::max<std::int64_t>(duration_cast<std::chrono::seconds>(after).count(), 0));
    if (second >= intervals.size())
        intervals.resize(second + 1);
    Interval& interval = intervals[second];

    ++counters.attempts;
    ++interval.attempts;
    counters.requests_sent += end.request_sent ? 1 : 0;
    counters.idle_closes += end.found_closed ? 1 : 0;
    counters.bytes_read += end.bytes_read;
    if (end.connect_time) {
        ++counters.established;
        connect.record(duration_cast<microseconds>(*end.connect_time));
    }
    if (end.answered) {
        const auto time = duration_cast<microseconds>(end.answered->latency);
        ++counters.answers;
        ++interval.answers;
        ++counters.by_status_class.at(status_class(end.answered->status));
        latency.record(time);
        first_byte.record(duration_cast<microseconds>(end.answered->first_byte));
        interval.latency.record(time);
    }
    if (end.failure) {
        const Outcome outcome = end.failure->outcome;
        counters.count(outcome);
        interval.lost += is_loss(outcome) ? 1 : 0;
        if (is_reset(outcome.cause))
            ++interval.resets;
        else if (!end.answered)
            ++interval.other_failures;
        if (outcome.cause == Cause::local)
            ++local_errors[end.failure->os_error_name];
        if (outcome.cause == Cause::tls)
            ++tls_errors[end.failure->os_error_name];
        events.push_back(std::move(*end.failure));
    }
}

void Recording::add_counts(const Recording& other) {
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
    for (const auto& [name, count] : other.tls_errors)
        tls_errors[name] += count;
    const auto middle = static_cast<std::ptrdiff_t>(events.size());
    events.insert(events.end(), other.events.begin(), other.events.end());
    std::inplace_merge(events.begin(), events.begin() + middle, events.end(),
                       [](const Event& a, const Event& b) { return a.time < b.time; });
    starts += other.starts;
    delayed_starts += other.delayed_starts;
    unstarted += other.unstarted;
    abandoned += other.abandoned;
    ended = worse_of(ended, other.ended);
}

void Recording::add_concurrent(Recording other) {
    using std::chrono::system_clock;
    if (!is_begun()) {
        *this = std::move(other);
        return;
    }
    const auto end =
        std::max(started + std::chrono::duration_cast<system_clock::duration>(elapsed),
                 other.started + std::chrono::duration_cast<system_clock::duration>(other.elapsed));
    const auto later = nearest_second(other.started) - nearest_second(started);
    begin_earlier(other.intervals, later);
    begin_earlier(intervals, -later);
    started = std::min(started, other.started);
    elapsed = end - started;
    add_counts(other);
}

void Recording::add_later(const Recording& other) {
    if (!is_begun())
        started = other.started;
    elapsed += other.elapsed;
    add_counts(other);
}

} // namespace loadgen
