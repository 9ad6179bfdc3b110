#include "storage/stored_runs.hpp"

#include "storage/consistency.hpp"
#include "storage/stored_fields.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace loadgen {
namespace {

using std::chrono::microseconds;

template <std::size_t Size>
using Names = std::array<std::string_view, Size>;

class FolderReader {
  public:
    explicit FolderReader(const std::filesystem::path& folder) : folder_(folder) {
        read_runs();
        read_outcomes();
        read_intervals();
        read_histograms();
        read_parts();
        read_events();
        for (const auto& [id, run] : by_id_)
            check_consistency(folder, stored_.runs[run], stated_[run]);
        for (const auto& [id, rows] : killed_)
            stored_.left_out.push_back(fmt::format(
                "'{}': the run {} has no row in runs.csv, so it was killed: {} rows of it are left out",
                folder.string(), id, rows));
    }

    StoredRuns take() { return std::move(stored_); }

  private:
    template <std::size_t Size>
    CsvReader open(const char* name, const Names<Size>& wanted) const {
        return CsvReader(folder_ / name, wanted);
    }

    // The run that a row belongs to; nullptr, and counted, if it was killed.
    StoredRun* run_of(const CsvReader& row) {
        const auto found = by_id_.find(row.field("run_id"));
        if (found != by_id_.end())
            return &stored_.runs[found->second];
        ++killed_[row.field("run_id")];
        return nullptr;
    }

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

void FolderReader::read_runs() {
    constexpr Names<27> wanted = {
        "run_id",      "started_utc", "label",         "expectation",    "url",        "mode",
        "connections", "threads",     "rate",          "engine",         "send_delay", "duration_s",
        "attempts",    "established", "requests_sent", "answers",        "http_2xx",   "http_3xx",
        "http_4xx",    "http_5xx",    "resets",        "latency_max_us", "bytes_read", "delayed_starts",
        "unstarted",   "lost",        "idle_closes"};
    CsvReader row = open("runs.csv", wanted);
    while (row.next()) {
        StoredRun run;
        run.info.run_id = row.field("run_id");
        run.info.label = row.field("label");
        run.info.expectation = row.field("expectation");
        run.info.keep_alive = row.field("mode") == "keep-alive";
        read_load(row, run.info);
        Recording& recording = run.recording;
        std::tie(recording.started, recording.elapsed) = time_in(row);
        Counters& counters = recording.counters;
        counters.attempts = row.count("attempts");
        counters.established = row.count("established");
        counters.requests_sent = row.count("requests_sent");
        counters.answers = row.count("answers");
        counters.bytes_read = row.count("bytes_read");
        counters.idle_closes = row.count("idle_closes");
        counters.by_status_class = {0,
                                    counters.answers,
                                    row.count("http_2xx"),
                                    row.count("http_3xx"),
                                    row.count("http_4xx"),
                                    row.count("http_5xx")};
        for (std::size_t digit = 2; digit < counters.by_status_class.size(); ++digit)
            counters.by_status_class[1] -= counters.by_status_class[digit]; // has no column of its own
        recording.starts = counters.attempts;                               // those abandoned are in no file
        recording.delayed_starts = row.count("delayed_starts");
        recording.unstarted = row.count("unstarted");
        const std::uint64_t resets = row.count("resets");
        const std::uint64_t lost = row.count("lost");
        run.parts.push_back({.info = run.info,
                             .source = folder_.string(),
                             .started = recording.started,
                             .elapsed = recording.elapsed,
                             .attempts = counters.attempts,
                             .answers = counters.answers,
                             .resets = resets,
                             .lost = lost,
                             .events = {}});
        if (!by_id_.emplace(run.info.run_id, stored_.runs.size()).second)
            throw std::runtime_error(
                fmt::format("{}: the run {} stands there twice", row.place(), run.info.run_id));
        stated_.push_back({resets, lost, microseconds{row.integer("latency_max_us")}});
        stored_.runs.push_back(std::move(run));
    }
    if (stored_.runs.empty())
        throw std::runtime_error(
            fmt::format("'{}' has no run: was it killed before it ended?", (folder_ / "runs.csv").string()));
}

void FolderReader::read_outcomes() {
    CsvReader row = open("outcomes.csv", Names<4>{"run_id", "cause", "phase", "count"});
    while (row.next())
        if (StoredRun* const run = run_of(row)) {
            const Outcome cell = outcome_in(row);
            run->recording.counters.failures[index(cell.cause)][index(cell.phase)] += row.count("count");
        }
}

void FolderReader::read_intervals() {
    CsvReader row = open("intervals.csv", Names<7>{"run_id", "second", "attempts", "answers", "resets",
                                                   "other_failures", "lost"});
    while (row.next())
        if (StoredRun* const run = run_of(row)) {
            std::vector<Interval>& intervals = run->recording.intervals;
            if (row.count("second") != intervals.size())
                throw std::runtime_error(fmt::format("{}: second {} where {} should follow", row.place(),
                                                     row.field("second"), intervals.size()));
            intervals.push_back({.attempts = row.count("attempts"),
                                 .answers = row.count("answers"),
                                 .resets = row.count("resets"),
                                 .other_failures = row.count("other_failures"),
                                 .lost = row.count("lost"),
                                 .latency = {}});
        }
}

void FolderReader::read_histograms() {
    if (!std::filesystem::exists(folder_ / "histograms.csv"))
        throw std::runtime_error(fmt::format("'{}' has no histograms.csv, without which percentiles can't be "
                                             "added up: an older loadgen made it",
                                             folder_.string()));
    CsvReader row =
        open("histograms.csv", Names<6>{"run_id", "measure", "second", "from_us", "below_us", "count"});
    while (row.next()) {
        StoredRun* const run = run_of(row);
        if (!run)
            continue;
        Recording& recording = run->recording;
        const Histogram::Bucket bucket{microseconds{row.integer("from_us")},
                                       microseconds{row.integer("below_us")}, row.count("count")};
        const std::string& measure = row.field("measure");
        try {
            if (measure == "connect") {
                recording.connect.add(bucket);
            } else if (measure == "first_byte") {
                recording.first_byte.add(bucket);
            } else if (measure == "answer") {
                const std::uint64_t second = row.count("second");
                if (second >= recording.intervals.size())
                    throw std::invalid_argument(
                        fmt::format("intervals.csv has no second {} of this run: it is not whole", second));
                recording.intervals[second].latency.add(bucket);
                recording.latency.add(bucket);
            } else {
                throw std::invalid_argument(fmt::format("'{}' is no measure", measure));
            }
        } catch (const std::invalid_argument& error) {
            throw std::runtime_error(fmt::format("{}: {}", row.place(), error.what()));
        }
    }
}

void FolderReader::read_parts() {
    if (!std::filesystem::exists(folder_ / "parts.csv"))
        return;
    CsvReader row = open("parts.csv", Names<15>{"run_id", "part", "source", "started_utc", "duration_s",
                                                "url", "connections", "threads", "rate", "send_delay",
                                                "engine", "attempts", "answers", "resets", "lost"});
    std::map<StoredRun*, std::vector<Part>> parts;
    while (row.next())
        if (StoredRun* const run = run_of(row)) {
            Part part{.info = run->info, .source = row.field("source")};
            part.info.run_id = row.field("part");
            read_load(row, part.info);
            std::tie(part.started, part.elapsed) = time_in(row);
            part.attempts = row.count("attempts");
            part.answers = row.count("answers");
            part.resets = row.count("resets");
            part.lost = row.count("lost");
            parts[run].push_back(std::move(part));
        }
    for (auto& [run, of_it] : parts)
        run->parts = std::move(of_it);
}

void FolderReader::read_events() {
    std::map<std::string, std::pair<StoredRun*, Part*>, std::less<>> by_part;
    for (StoredRun& run : stored_.runs)
        for (Part& part : run.parts)
            by_part.emplace(part.info.run_id, std::pair{&run, &part});
    CsvReader row =
        open("events.csv", Names<15>{"run_id", "time_us", "worker", "connection", "attempt", "local_address",
                                     "local_port", "cause", "phase", "os_error", "os_error_name",
                                     "bytes_read", "age_us", "remote_address", "target"});
    while (row.next()) {
        const auto found = by_part.find(row.field("run_id"));
        if (found == by_part.end()) {
            ++killed_[row.field("run_id")];
            continue;
        }
        const auto& [run, part] = found->second;
        Event event = event_in(row);
        if (event.outcome.cause == Cause::local)
            ++run->recording.local_errors[event.os_error_name];
        part->events.push_back(std::move(event));
    }
}

} // namespace

StoredRuns read_stored_runs(const std::filesystem::path& folder) {
    return FolderReader(folder).take();
}

} // namespace loadgen
