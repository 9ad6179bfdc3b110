// The counts of a run. Each attempt is counted once, when it has ended.
#pragma once

#include "measure/outcome.hpp"

#include <array>
#include <cstdint>

namespace loadgen {

struct Counters {
    std::uint64_t attempts = 0;      ///< requests tried; the unit of every rate
    std::uint64_t established = 0;   ///< TCP connections that came up
    std::uint64_t requests_sent = 0; ///< requests wholly written
    std::uint64_t answers = 0;       ///< whole HTTP answers, of any status
    std::uint64_t bytes_read = 0;    ///< bytes of answers, heads included
    std::uint64_t idle_closes = 0;   ///< attempts that found their kept connection closed and made a new one
    std::array<std::uint64_t, 6> by_status_class{}; ///< answers by first digit of the status; 0 is unused
    std::array<std::array<std::uint64_t, all_phases.size()>, all_causes.size()> failures{}; ///< cause x phase

    void count(Outcome outcome) { ++failures[index(outcome.cause)][index(outcome.phase)]; }
    std::uint64_t at(Outcome outcome) const { return failures[index(outcome.cause)][index(outcome.phase)]; }

    /// Failures of one cause, over all phases.
    std::uint64_t of(Cause cause) const;
    /// Resets (reset, broken_pipe, aborted) in one phase.
    std::uint64_t resets(Phase phase) const;
    /// Resets in all phases. One in `finish` came after a good answer: it is counted here and the answer as
    /// an answer.
    std::uint64_t resets() const;
    /// Attempts whose connection was established and that got no whole answer because the server's end went
    /// away (is_loss): what a user of the site would notice.
    std::uint64_t lost() const;
    /// Attempts without an answer: equal to attempts - answers.
    std::uint64_t unanswered() const;

    Counters& operator+=(const Counters& other);
};

} // namespace loadgen
