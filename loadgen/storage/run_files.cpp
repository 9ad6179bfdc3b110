#include "storage/run_files.hpp"

#include "storage/columns.hpp"
#include "storage/timestamp.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace loadgen {
namespace {

std::int64_t microseconds_since_epoch(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

struct Run {
    const BlockInfo& info;
    const Recording& recording;
    const Counters& counters;
    Count resets;
    RateInterval interval;
};

template <Phase phase>
std::string resets_in(const Run& run) {
    return text(run.counters.resets(phase));
}

template <Cause cause>
std::string failures_of(const Run& run) {
    return text(run.counters.of(cause));
}

template <std::size_t digit>
std::string answers_of_class(const Run& run) {
    return text(run.counters.by_status_class.at(digit));
}

template <int permille>
std::string latency_at(const Run& run) {
    return text(run.recording.latency.quantile(permille / 1000.0).count());
}

template <int permille>
std::string first_byte_at(const Run& run) {
    return text(run.recording.first_byte.quantile(permille / 1000.0).count());
}

template <int permille>
std::string connect_at(const Run& run) {
    return text(run.recording.connect.quantile(permille / 1000.0).count());
}

constexpr auto run_columns = std::to_array<Column<Run>>({
    {"run_id", [](const Run& run) { return run.info.run_id; }},
    {"started_utc", [](const Run& run) { return iso8601(run.recording.started); }},
    {"label", [](const Run& run) { return run.info.label; }},
    {"expectation", [](const Run& run) { return run.info.expectation; }},
    {"url", [](const Run& run) { return run.info.url; }},
    {"mode",
     [](const Run& run) { return std::string(run.info.keep_alive ? "keep-alive" : "connection-per-request"); }},
    {"connections", [](const Run& run) { return text(run.info.connections); }},
    {"threads", [](const Run& run) { return text(run.info.threads); }},
    {"rate", [](const Run& run) { return run.info.rate ? text(*run.info.rate) : std::string(); }},
    {"send_delay", [](const Run& run) { return run.info.send_delay; }},
    {"duration_s", [](const Run& run) { return seconds_text(run.recording.elapsed); }},
    {"attempts", [](const Run& run) { return text(run.counters.attempts); }},
    {"established", [](const Run& run) { return text(run.counters.established); }},
    {"requests_sent", [](const Run& run) { return text(run.counters.requests_sent); }},
    {"answers", [](const Run& run) { return text(run.counters.answers); }},
    {"http_2xx", answers_of_class<2>},
    {"http_3xx", answers_of_class<3>},
    {"http_4xx", answers_of_class<4>},
    {"http_5xx", answers_of_class<5>},
    {"resets", [](const Run& run) { return text(run.resets.events); }},
    {"reset_rate", [](const Run& run) { return fmt::format("{:.6g}", run.resets.rate()); }},
    {"reset_rate_low", [](const Run& run) { return fmt::format("{:.6g}", run.interval.low); }},
    {"reset_rate_high", [](const Run& run) { return fmt::format("{:.6g}", run.interval.high); }},
    {"reset_connect", resets_in<Phase::connect>},
    {"reset_send", resets_in<Phase::send>},
    {"reset_await", resets_in<Phase::await>},
    {"reset_receive", resets_in<Phase::receive>},
    {"reset_finish", resets_in<Phase::finish>},
    {"reset_idle", resets_in<Phase::idle>},
    {"reset_reuse", resets_in<Phase::reuse>},
    {"closed", failures_of<Cause::closed>},
    {"refused", failures_of<Cause::refused>},
    {"unreachable", failures_of<Cause::unreachable>},
    {"timeout", failures_of<Cause::timeout>},
    {"malformed", failures_of<Cause::malformed>},
    {"tls", failures_of<Cause::tls>},
    {"local", failures_of<Cause::local>},
    {"answers_per_s",
     [](const Run& run) {
         const double time = std::chrono::duration<double>(run.recording.elapsed).count();
         return fmt::format("{:.1f}", time > 0 ? static_cast<double>(run.counters.answers) / time : 0);
     }},
    {"latency_p50_us", latency_at<500>},
    {"latency_p90_us", latency_at<900>},
    {"latency_p99_us", latency_at<990>},
    {"latency_p999_us", latency_at<999>},
    {"latency_max_us", [](const Run& run) { return text(run.recording.latency.max().count()); }},
    {"connect_p50_us", connect_at<500>},
    {"connect_p99_us", connect_at<990>},
    {"bytes_read", [](const Run& run) { return text(run.counters.bytes_read); }},
    {"first_byte_p50_us", first_byte_at<500>},
    {"first_byte_p99_us", first_byte_at<990>},
    {"delayed_starts", [](const Run& run) { return text(run.recording.delayed_starts); }},
    {"unstarted", [](const Run& run) { return text(run.recording.unstarted); }},
    {"engine", [](const Run& run) { return run.info.engine; }},
    {"lost", [](const Run& run) { return text(run.counters.lost()); }},
    {"idle_closes", [](const Run& run) { return text(run.counters.idle_closes); }},
});

struct OutcomeRow {
    const BlockInfo& info;
    Outcome outcome;
    std::uint64_t count;
};

constexpr auto outcome_columns = std::to_array<Column<OutcomeRow>>({
    {"run_id", [](const OutcomeRow& row) { return row.info.run_id; }},
    {"label", [](const OutcomeRow& row) { return row.info.label; }},
    {"cause", [](const OutcomeRow& row) { return std::string(name(row.outcome.cause)); }},
    {"phase", [](const OutcomeRow& row) { return std::string(name(row.outcome.phase)); }},
    {"count", [](const OutcomeRow& row) { return text(row.count); }},
});

struct IntervalRow {
    const BlockInfo& info;
    std::size_t second;
    const Interval& interval;
};

constexpr auto interval_columns = std::to_array<Column<IntervalRow>>({
    {"run_id", [](const IntervalRow& row) { return row.info.run_id; }},
    {"label", [](const IntervalRow& row) { return row.info.label; }},
    {"second", [](const IntervalRow& row) { return text(row.second); }},
    {"attempts", [](const IntervalRow& row) { return text(row.interval.attempts); }},
    {"answers", [](const IntervalRow& row) { return text(row.interval.answers); }},
    {"resets", [](const IntervalRow& row) { return text(row.interval.resets); }},
    {"other_failures", [](const IntervalRow& row) { return text(row.interval.other_failures); }},
    {"latency_p50_us",
     [](const IntervalRow& row) { return text(row.interval.latency.quantile(0.5).count()); }},
    {"latency_p99_us",
     [](const IntervalRow& row) { return text(row.interval.latency.quantile(0.99).count()); }},
    {"lost", [](const IntervalRow& row) { return text(row.interval.lost); }},
});

struct EventRow {
    const BlockInfo& info;
    const Event& event;
};

constexpr auto event_columns = std::to_array<Column<EventRow>>({
    {"run_id", [](const EventRow& row) { return row.info.run_id; }},
    {"label", [](const EventRow& row) { return row.info.label; }},
    {"time_us", [](const EventRow& row) { return text(microseconds_since_epoch(row.event.time)); }},
    {"worker", [](const EventRow& row) { return text(row.event.worker); }},
    {"connection", [](const EventRow& row) { return text(row.event.connection); }},
    {"attempt", [](const EventRow& row) { return text(row.event.attempt); }},
    {"local_address", [](const EventRow& row) { return row.event.local_address; }},
    {"local_port",
     [](const EventRow& row) {
         return row.event.local_address.empty() ? std::string() : text(row.event.local_port);
     }},
    {"cause", [](const EventRow& row) { return std::string(name(row.event.outcome.cause)); }},
    {"phase", [](const EventRow& row) { return std::string(name(row.event.outcome.phase)); }},
    {"os_error", [](const EventRow& row) { return text(row.event.os_error); }},
    {"os_error_name", [](const EventRow& row) { return row.event.os_error_name; }},
    {"bytes_read", [](const EventRow& row) { return text(row.event.bytes_read); }},
    {"age_us", [](const EventRow& row) { return text(row.event.age.count()); }},
    {"remote_address", [](const EventRow& row) { return row.event.remote_address; }},
    {"target", [](const EventRow& row) { return row.event.target; }},
});

struct ComparisonRow {
    const PairFinding& pair;
    Counted counted;
};

constexpr auto comparison_columns = std::to_array<Column<ComparisonRow>>({
    {"baseline", [](const ComparisonRow& row) { return row.pair.baseline; }},
    {"candidate", [](const ComparisonRow& row) { return row.pair.candidate; }},
    {"attempts_baseline", [](const ComparisonRow& row) { return text(row.pair.comparison.baseline.trials); }},
    {"resets_baseline", [](const ComparisonRow& row) { return text(row.pair.comparison.baseline.events); }},
    {"attempts_candidate",
     [](const ComparisonRow& row) { return text(row.pair.comparison.candidate.trials); }},
    {"resets_candidate", [](const ComparisonRow& row) { return text(row.pair.comparison.candidate.events); }},
    {"rate_ratio_low",
     [](const ComparisonRow& row) { return fmt::format("{:.6g}", row.pair.comparison.rate_ratio_low); }},
    {"p_value", [](const ComparisonRow& row) { return fmt::format("{:.6g}", row.pair.comparison.p_value); }},
    {"candidate_rate_high",
     [](const ComparisonRow& row) { return fmt::format("{:.6g}", row.pair.comparison.candidate_rate_high); }},
    {"verdict", [](const ComparisonRow& row) { return std::string(row.pair.evident ? "fewer" : "~"); }},
    {"count", [](const ComparisonRow& row) { return std::string(name(row.counted)); }},
});

constexpr auto run_names = names_of(run_columns);
constexpr auto outcome_names = names_of(outcome_columns);
constexpr auto interval_names = names_of(interval_columns);
constexpr auto event_names = names_of(event_columns);
constexpr auto comparison_names = names_of(comparison_columns);

std::filesystem::path made(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw std::runtime_error(
            fmt::format("cannot make the output folder '{}': {}", folder.string(), error.message()));
    return folder;
}

} // namespace

RunFiles::RunFiles(const std::filesystem::path& folder)
    : runs_(made(folder) / "runs.csv", run_names),
      outcomes_(folder / "outcomes.csv", outcome_names),
      intervals_(folder / "intervals.csv", interval_names),
      events_(folder / "events.csv", event_names),
      histograms_(folder / "histograms.csv") {}

void RunFiles::write_events(const BlockInfo& info, std::span<const Event> events) {
    for (const Event& event : events)
        add_row(events_, event_columns, EventRow{info, event});
    events_.flush();
}

void RunFiles::write(const BlockInfo& info, const Recording& recording, double confidence) {
    const Counters& counters = recording.counters;
    write_events(info, recording.events);
    for (std::size_t second = 0; second < recording.intervals.size(); ++second)
        add_row(intervals_, interval_columns, IntervalRow{info, second, recording.intervals[second]});
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            if (const std::uint64_t count = counters.at({cause, phase}); count > 0)
                add_row(outcomes_, outcome_columns, OutcomeRow{info, {cause, phase}, count});
    const Count resets{counters.resets(), counters.attempts};
    add_row(runs_, run_columns, Run{info, recording, counters, resets, rate_interval(resets, confidence)});
    histograms_.write(info, recording);
    // runs.csv last: a run that stands there has all its rows elsewhere.
    intervals_.flush();
    outcomes_.flush();
    runs_.flush();
}

void write_comparisons(const std::filesystem::path& folder, std::span<const PairFinding> pairs,
                       Counted counted) {
    CsvWriter file(folder / "comparison.csv", comparison_names);
    for (const PairFinding& pair : pairs)
        add_row(file, comparison_columns, ComparisonRow{pair, counted});
    file.flush();
}

} // namespace loadgen
