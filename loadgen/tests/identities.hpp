// What must hold of every recording, whatever happened.
#pragma once

#include "measure/recording.hpp"

#include <doctest/doctest.h>

#include <ostream>

namespace loadgen {

inline std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
    return stream << name(outcome.cause) << '/' << name(outcome.phase);
}

/// Each number agrees with every other that counts the same.
inline void check_identities(const Recording& recording) {
    const Counters& counters = recording.counters;
    CHECK(counters.unanswered() == counters.attempts - counters.answers);
    CHECK(recording.latency.count() == counters.answers);
    CHECK(recording.first_byte.count() == counters.answers);
    CHECK(recording.connect.count() == counters.established);
    Interval sum;
    for (const Interval& interval : recording.intervals)
        sum += interval;
    CHECK(sum.attempts == counters.attempts);
    CHECK(sum.answers == counters.answers);
    CHECK(sum.resets == counters.resets());
    CHECK(sum.latency.count() == counters.answers);
    // What ended in `finish` without a reset had its answer, and is no failure of the interval.
    std::uint64_t failed = 0;
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            if (is_reset(cause) || phase != Phase::finish)
                failed += counters.at({cause, phase});
    CHECK(sum.resets + sum.other_failures == failed);
}

} // namespace loadgen
