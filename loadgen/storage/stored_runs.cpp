#include "storage/stored_runs.hpp"

#include "storage/consistency.hpp"
#include "storage/rows/bucket_row.hpp"
#include "storage/rows/interval_row.hpp"
#include "storage/rows/outcome_row.hpp"
#include "storage/rows/run_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace loadgen {
namespace {

// Throws std::invalid_argument if that cannot be.
void add(const BucketRow& row, Recording& recording) {
    if (row.measure == "connect")
        return recording.connect.add(row.bucket);
    if (row.measure == "first_byte")
        return recording.first_byte.add(row.bucket);
    if (row.measure != "answer")
        throw std::invalid_argument(fmt::format("'{}' is no measure", row.measure));
    if (!row.second)
        throw std::invalid_argument("second is missing");
    if (*row.second >= recording.intervals.size())
        throw std::invalid_argument(
            fmt::format("intervals.csv has no second {} of this run: it is not whole", *row.second));
    recording.intervals[*row.second].latency.add(row.bucket);
    recording.latency.add(row.bucket);
}

class FolderReader {
  public:
    FolderReader(const std::filesystem::path& folder, WithEvents with_events) : folder_(folder) {
        read_runs();
        read_outcomes();
        read_intervals();
        read_histograms();
        read_parts();
        if (with_events == WithEvents::yes)
            read_events();
        for (const auto& [id, run] : by_id_)
            check_consistency(folder, stored_.runs[run], stated_[run], with_events);
        name_killed();
    }

    StoredRuns take() { return std::move(stored_); }

  private:
    // The run that a row belongs to; nullptr, and counted, if it was killed.
    StoredRun* run_of(const std::string& run_id) {
        const auto found = by_id_.find(run_id);
        if (found != by_id_.end())
            return &stored_.runs[found->second];
        ++killed_[run_id];
        return nullptr;
    }

    void name_killed();
    void read_runs();
    void read_outcomes();
    void read_intervals();
    void read_histograms();
    void read_parts();
    void read_events();

    const std::filesystem::path& folder_;
    StoredRuns stored_;
    std::vector<StatedFigures> stated_; // by run
    std::map<std::string, std::size_t, std::less<>> by_id_;
    std::map<std::string, std::uint64_t> killed_; // rows by run
};

// Those that the files name, and those of which there are rows.
void FolderReader::name_killed() {
    std::set<std::string, std::less<>> ids;
    for (const auto& [id, run] : by_id_)
        ids.insert(id);
    stored_.killed = killed_runs(folder_, ids);
    for (const auto& [id, rows] : killed_) {
        auto found =
            std::find_if(stored_.killed.begin(), stored_.killed.end(),
                         [&, id = std::string_view(id)](const KilledRun& one) {
                             return !one.is_regression && (one.id == without_block(id) || one.id.empty());
                         });
        if (found == stored_.killed.end())
            found = stored_.killed.insert(stored_.killed.end(), KilledRun{});
        found->id = id;
        found->sentence =
            fmt::format("{}; rows of it that are left out: {}", killed_sentence(folder_, id), rows);
    }
}

void FolderReader::read_runs() {
    RowReader<RunRow> file(folder_ / "runs.csv");
    stored_.tells_endings = file.has("ended");
    while (auto row = file.next()) {
        StoredRun run{.info = std::move(row->info), .recording = {}, .confidence = row->confidence};
        Recording& recording = run.recording;
        recording.started = row->started;
        recording.elapsed = row->elapsed;
        Counters& counters = recording.counters = row->counters;
        counters.by_status_class[1] = counters.answers; // has no column of its own
        for (std::size_t digit = 2; digit < counters.by_status_class.size(); ++digit)
            counters.by_status_class[1] -= counters.by_status_class[digit];
        recording.starts = counters.attempts; // those abandoned are in no file
        recording.delayed_starts = row->delayed_starts;
        recording.unstarted = row->unstarted;
        recording.ended = row->ended;
        run.parts.push_back({.info = run.info,
                             .source = folder_.string(),
                             .started = recording.started,
                             .elapsed = recording.elapsed,
                             .attempts = counters.attempts,
                             .answers = counters.answers,
                             .resets = row->resets,
                             .lost = row->lost,
                             .ended = row->ended});
        if (!by_id_.emplace(run.info.run_id, stored_.runs.size()).second)
            throw std::runtime_error(
                fmt::format("{}: the run {} stands there twice", file.place(), run.info.run_id));
        stated_.push_back({row->resets, row->lost, row->latency.max});
        stored_.runs.push_back(std::move(run));
    }
}

void FolderReader::read_outcomes() {
    RowReader<OutcomeRow> file(folder_ / "outcomes.csv");
    while (const auto row = file.next())
        if (StoredRun* const run = run_of(row->run_id)) {
            const auto [cause, phase] = row->outcome;
            run->recording.counters.failures[index(cause)][index(phase)] += row->count;
        }
}

void FolderReader::read_intervals() {
    RowReader<IntervalRow> file(folder_ / "intervals.csv");
    while (auto row = file.next())
        if (StoredRun* const run = run_of(row->run_id)) {
            std::vector<Interval>& intervals = run->recording.intervals;
            if (row->second != intervals.size())
                throw std::runtime_error(fmt::format("{}: second {} where {} should follow", file.place(),
                                                     row->second, intervals.size()));
            intervals.push_back(std::move(row->interval));
        }
}

void FolderReader::read_histograms() {
    if (!std::filesystem::exists(folder_ / "histograms.csv"))
        throw std::runtime_error(fmt::format("'{}' has no histograms.csv, without which percentiles can't be "
                                             "added up: an older loadgen made it",
                                             folder_.string()));
    RowReader<BucketRow> file(folder_ / "histograms.csv");
    while (const auto row = file.next()) {
        StoredRun* const run = run_of(row->run_id);
        if (!run)
            continue;
        try {
            add(*row, run->recording);
        } catch (const std::invalid_argument& error) {
            throw std::runtime_error(fmt::format("{}: {}", file.place(), error.what()));
        }
    }
}

void FolderReader::read_parts() {
    if (!std::filesystem::exists(folder_ / "parts.csv"))
        return;
    RowReader<PartRow> file(folder_ / "parts.csv");
    std::map<StoredRun*, std::vector<Part>> parts;
    while (auto row = file.next())
        if (StoredRun* const run = run_of(row->run_id)) {
            Part& part = parts[run].emplace_back(std::move(row->part));
            part.info.label = run->info.label;
            part.info.expectation = run->info.expectation;
            part.info.keep_alive = run->info.keep_alive;
        }
    for (auto& [run, of_it] : parts)
        run->parts = std::move(of_it);
}

void FolderReader::read_events() {
    std::map<std::string, StoredRun*, std::less<>> by_part;
    for (StoredRun& run : stored_.runs)
        for (const Part& part : run.parts)
            by_part.emplace(part.info.run_id, &run);
    RowReader<EventRow> file(folder_ / "events.csv");
    while (auto row = file.next()) {
        const auto found = by_part.find(row->run_id);
        if (found == by_part.end()) {
            ++killed_[row->run_id];
            continue;
        }
        StoredRun& run = *found->second;
        if (row->event.outcome.cause == Cause::local)
            ++run.recording.local_errors[row->event.os_error_name];
        if (row->event.outcome.cause == Cause::tls)
            ++run.recording.tls_errors[row->event.os_error_name];
        run.events.push_back(std::move(*row));
    }
}

} // namespace

StoredRuns read_stored_runs(const std::filesystem::path& folder, WithEvents with_events) {
    return FolderReader(folder, with_events).take();
}

} // namespace loadgen
