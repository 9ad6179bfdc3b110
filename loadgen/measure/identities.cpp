#include "measure/identities.hpp"

#include <fmt/format.h>

#include <array>
#include <numeric>

namespace loadgen {
namespace {

class Check {
  public:
    void equal(Record record, std::string_view what, std::uint64_t here, std::uint64_t wanted) {
        if (here != wanted && !broken_)
            broken_ = {record, std::string(what), here, wanted};
    }
    void at_most(Record record, std::string_view what, std::uint64_t here, std::uint64_t most) {
        if (here > most)
            equal(record, what, here, most);
    }
    std::optional<BrokenIdentity> broken() const { return broken_; }

  private:
    std::optional<BrokenIdentity> broken_;
};

void check_counters(Check& check, const Recording& recording) {
    const Counters& counters = recording.counters;
    check.equal(Record::counters, "starts", recording.starts, counters.attempts + recording.abandoned);
    check.equal(Record::outcomes, "attempts without an answer", counters.unanswered(),
                counters.attempts - counters.answers);
    check.equal(
        Record::counters, "answers by status",
        std::accumulate(counters.by_status_class.begin(), counters.by_status_class.end(), std::uint64_t{0}),
        counters.answers);
    // An attempt makes one connection at most and sends one request.
    check.at_most(Record::counters, "established connections", counters.established, counters.attempts);
    check.at_most(Record::counters, "requests sent", counters.requests_sent, counters.attempts);
    check.at_most(Record::counters, "idle closes", counters.idle_closes, counters.attempts);
}

// Their names are those of the events.
void check_local_errors(Check& check, const Recording& recording) {
    std::uint64_t local = 0;
    for (const auto& [error, count] : recording.local_errors)
        local += count;
    check.equal(Record::events, "local faults", local, recording.counters.of(Cause::local));
}

void check_intervals(Check& check, const Recording& recording) {
    const Counters& counters = recording.counters;
    Interval sum;
    for (const Interval& interval : recording.intervals) {
        check.equal(Record::histograms, "answers in one second", interval.latency.count(), interval.answers);
        sum += interval;
    }
    check.equal(Record::intervals, "attempts", sum.attempts, counters.attempts);
    check.equal(Record::intervals, "answers", sum.answers, counters.answers);
    check.equal(Record::intervals, "resets", sum.resets, counters.resets());
    check.equal(Record::intervals, "lost attempts", sum.lost, counters.lost());
    // What ended in `finish` without a reset had its answer, and is no failure of the interval.
    check.equal(Record::intervals, "other failures", sum.other_failures,
                counters.unanswered() + counters.resets(Phase::finish) - counters.resets());
}

void check_histograms(Check& check, const Recording& recording) {
    const Counters& counters = recording.counters;
    check.equal(Record::histograms, "answers", recording.latency.count(), counters.answers);
    check.equal(Record::histograms, "first bytes", recording.first_byte.count(), counters.answers);
    check.equal(Record::histograms, "connections", recording.connect.count(), counters.established);
}

void check_events(Check& check, const Counters& happened, const Counters& counters) {
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            check.equal(Record::events, fmt::format("of {} in {}", name(cause), name(phase)),
                        happened.at({cause, phase}), counters.at({cause, phase}));
}

} // namespace

std::string_view name(Record record) {
    constexpr std::array<std::string_view, 5> names = {"counters", "outcomes", "intervals", "histograms",
                                                       "events"};
    return names.at(static_cast<std::size_t>(record));
}

std::optional<BrokenIdentity> broken_identity(const Recording& recording, const Counters* happened) {
    Check check;
    check_counters(check, recording);
    check_intervals(check, recording);
    check_histograms(check, recording);
    if (happened != nullptr || !recording.local_errors.empty())
        check_local_errors(check, recording);
    if (happened != nullptr)
        check_events(check, *happened, recording.counters);
    return check.broken();
}

std::string text(const BrokenIdentity& broken) {
    return fmt::format("its {} have {} {} where there must be {}", name(broken.record), broken.here,
                       broken.what, broken.wanted);
}

} // namespace loadgen
