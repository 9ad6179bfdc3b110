#include "storage/consistency.hpp"

#include "measure/identities.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace loadgen {
namespace {

class Check {
  public:
    Check(const std::filesystem::path& folder, const StoredRun& run) : folder_(folder), run_(run) {}

    void equal(std::string_view file, std::string_view what, std::uint64_t here, std::uint64_t wanted) const {
        if (here != wanted)
            throw std::runtime_error(
                fmt::format("'{}' has {} {} of the run {} where there must be {}: it is not whole",
                            (folder_ / file).string(), here, what, run_.info.run_id, wanted));
    }

    void same_ending(const RunEnding& of_parts) const {
        const RunEnding& ended = run_.recording.ended;
        if (of_parts != ended)
            throw std::runtime_error(fmt::format("'{}' says of the run {} '{}' where its parts come to '{}'",
                                                 (folder_ / "runs.csv").string(), run_.info.run_id,
                                                 text(ended), text(of_parts)));
    }

  private:
    const std::filesystem::path& folder_;
    const StoredRun& run_;
};

// Older files have a 0 where there is none. That of one that is there, the counts of answers hold.
std::uint64_t in_us(const std::optional<std::chrono::microseconds>& time) {
    return time ? static_cast<std::uint64_t>(time->count()) : 0;
}

std::string_view file_of(Record record) {
    switch (record) {
    case Record::counters:
        return "runs.csv";
    case Record::outcomes:
        return "outcomes.csv";
    case Record::intervals:
        return "intervals.csv";
    case Record::histograms:
        return "histograms.csv";
    case Record::events:
        break;
    }
    return "events.csv";
}

} // namespace

void check_consistency(const std::filesystem::path& folder, const StoredRun& run, const StatedFigures& stated,
                       WithEvents with_events) {
    const Check check(folder, run);
    const Recording& recording = run.recording;
    const Counters& counters = recording.counters;

    Part whole;
    Counters happened;
    for (const Part& part : run.parts) {
        whole.attempts += part.attempts;
        whole.answers += part.answers;
        whole.resets += part.resets;
        whole.lost += part.lost;
    }
    for (const EventRow& row : run.events)
        happened.count(row.event.outcome);
    if (const auto broken = broken_identity(recording, with_events == WithEvents::yes ? &happened : nullptr))
        check.equal(file_of(broken->record), broken->what, broken->here, broken->wanted);

    check.equal("outcomes.csv", "resets", counters.resets(), stated.resets);
    check.equal("outcomes.csv", "lost attempts", counters.lost(), stated.lost);
    check.equal("histograms.csv", "us as the highest latency", in_us(recording.latency.max()),
                in_us(stated.latency_max));
    check.equal("parts.csv", "attempts", whole.attempts, counters.attempts);
    check.equal("parts.csv", "answers", whole.answers, counters.answers);
    check.equal("parts.csv", "resets", whole.resets, stated.resets);
    check.equal("parts.csv", "lost attempts", whole.lost, stated.lost);
    check.same_ending(worst_ending(run.parts));
}

} // namespace loadgen
