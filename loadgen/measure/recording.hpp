// What a run, or one block of a regression, recorded.
#pragma once

#include "measure/counters.hpp"
#include "measure/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace loadgen {

/// An attempt that did not end well.
struct Event {
    std::chrono::system_clock::time_point time; ///< when it was noticed
    unsigned worker = 0;                        ///< thread, from 0
    unsigned connection = 0;                    ///< slot within the worker, from 0
    std::uint64_t attempt = 0;                  ///< running number within the worker, from 1
    std::string local_address;                  ///< empty when no local port was bound yet
    std::uint16_t local_port = 0;
    std::string remote_address;
    std::string target; ///< path and query of the request
    Outcome outcome{};
    int os_error = 0;          ///< errno or WSAGetLastError; 0 where the system reported no error
    std::string os_error_name; ///< ECONNRESET, WSAECONNRESET, ...; for `malformed` the parser's words
    std::uint64_t bytes_read = 0;
    std::chrono::microseconds age{0}; ///< since the connection was begun
};

/// What ended within one second of a run.
struct Interval {
    std::uint64_t attempts = 0;
    std::uint64_t answers = 0;
    std::uint64_t resets = 0;
    std::uint64_t other_failures = 0; ///< attempts without an answer that no reset ended
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
    std::uint64_t delayed_starts = 0; ///< open loop: attempts that had to wait for a free connection
    std::uint64_t unstarted = 0;      ///< open loop: attempts that were still waiting when the load was over
    std::uint64_t abandoned = 0;      ///< attempts cut off by a second Ctrl-C; in no other count

    /// Adds what another worker, or another block, recorded: counts and histograms exactly, events in order
    /// of time.
    Recording& operator+=(const Recording& other);

    /// Adds what another machine recorded at about the same time: as +=, from the earlier start to the later
    /// end. Each one's seconds count from its own start, rounded to a second of the wall clock: they are
    /// never split, and in whatever order recordings are added, the sum is the same.
    void add_concurrent(Recording other);
};

} // namespace loadgen
