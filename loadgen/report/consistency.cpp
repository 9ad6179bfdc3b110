#include "report/consistency.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace loadgen {
namespace {

class Check {
  public:
    Check(const std::filesystem::path& folder, const StoredRun& run) : folder_(folder), run_(run) {}

    void equal(const char* file, std::string_view what, std::uint64_t here, std::uint64_t in_runs) const {
        if (here != in_runs)
            throw std::runtime_error(
                fmt::format("'{}' has {} {} of the run {} where runs.csv has {}: it is not whole",
                            (folder_ / file).string(), here, what, run_.info.run_id, in_runs));
    }

  private:
    const std::filesystem::path& folder_;
    const StoredRun& run_;
};

} // namespace

void check_consistency(const std::filesystem::path& folder, const StoredRun& run,
                       const StatedFigures& stated) {
    const Check check(folder, run);
    const Recording& recording = run.recording;
    const Counters& counters = recording.counters;

    check.equal("outcomes.csv", "attempts without an answer", counters.unanswered(),
                counters.attempts - counters.answers);
    check.equal("outcomes.csv", "resets", counters.resets(), stated.resets);

    Interval sum;
    for (const Interval& interval : recording.intervals) {
        check.equal("histograms.csv", "answers in one second", interval.latency.count(), interval.answers);
        sum += interval;
    }
    check.equal("intervals.csv", "attempts", sum.attempts, counters.attempts);
    check.equal("intervals.csv", "answers", sum.answers, counters.answers);
    check.equal("intervals.csv", "resets", sum.resets, stated.resets);
    check.equal("intervals.csv", "other failures", sum.other_failures,
                counters.unanswered() + counters.resets(Phase::finish) - stated.resets);
    check.equal("histograms.csv", "first bytes", recording.first_byte.count(), counters.answers);
    check.equal("histograms.csv", "connections", recording.connect.count(), counters.established);
    check.equal("histograms.csv", "us as the highest latency",
                static_cast<std::uint64_t>(recording.latency.max().count()),
                static_cast<std::uint64_t>(stated.latency_max.count()));

    Part whole;
    Counters happened;
    for (const Part& part : run.parts) {
        whole.attempts += part.attempts;
        whole.answers += part.answers;
        whole.resets += part.resets;
        for (const Event& event : part.events)
            happened.count(event.outcome);
    }
    check.equal("parts.csv", "attempts", whole.attempts, counters.attempts);
    check.equal("parts.csv", "answers", whole.answers, counters.answers);
    check.equal("parts.csv", "resets", whole.resets, stated.resets);
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            check.equal("events.csv", fmt::format("of {} in {}", name(cause), name(phase)),
                        happened.at({cause, phase}), counters.at({cause, phase}));
}

} // namespace loadgen
