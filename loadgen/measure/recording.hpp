// What a run, or one block of a regression, recorded.
#pragma once

#include "measure/attempt_end.hpp"
#include "measure/counters.hpp"
#include "measure/histogram.hpp"
#include "measure/run_ending.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace loadgen {

/// What ended within one second of a run.
struct Interval {
    std::uint64_t attempts = 0;
    std::uint64_t answers = 0;
    std::uint64_t resets = 0;
    std::uint64_t other_failures = 0; ///< attempts without an answer that no reset ended
    std::uint64_t lost = 0;           ///< Counters::lost
    Histogram latency;

    Interval& operator+=(const Interval& other);
};

struct Recording {
    std::chrono::system_clock::time_point started{};
    std::chrono::nanoseconds elapsed{0}; ///< from the first start to the last end
    Counters counters;
    Histogram latency;               ///< of answers: from the intended start, our own send delay left out
    Histogram first_byte;            ///< of answers, the same to their first byte
    Histogram connect;               ///< of established connections
    std::vector<Interval> intervals; ///< by second since `started`
    std::vector<Event> events;       ///< in order of time, but those that were taken out before the end
    std::map<std::string, std::uint64_t> local_errors; ///< the local faults by the error's name
    std::map<std::string, std::uint64_t> tls_errors;   ///< likewise the failures of TLS
    std::uint64_t starts = 0;                          ///< attempts begun: each has ended or was abandoned
    std::uint64_t delayed_starts = 0; ///< open loop: attempts that had to wait for a free connection
    std::uint64_t unstarted = 0;      ///< open loop: attempts that were still waiting when the load was over
    std::uint64_t abandoned = 0;      ///< attempts cut off by a second Ctrl-C; in no other count but starts
    RunEnding ended;                  ///< of several that were added the worst

    /// Records an attempt that ended so long after `started`: the only way in which an end is counted.
    void record(AttemptEnd end, std::chrono::nanoseconds after);

    /// Adds what another worker or machine recorded at about the same time: counts and histograms exactly,
    /// events in order of time, from the earlier start to the later end. Each one's seconds count from its
    /// own start, rounded to a second of the wall clock: they are never split, and in whatever order
    /// recordings are added, the sum is the same.
    void add_concurrent(Recording other);

    /// Adds what was recorded later, such as a further block of a regression: likewise, but the times loaded
    /// add up, and each one's seconds count from its own start.
    void add_later(const Recording& other);

  private:
    bool is_begun() const { return started != std::chrono::system_clock::time_point{}; }
    void add_counts(const Recording& other);
};

} // namespace loadgen
