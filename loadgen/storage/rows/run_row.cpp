#include "storage/rows/run_row.hpp"

#include "measure/shown.hpp"

#include <fmt/format.h>

#include <array>

namespace loadgen {
namespace {

template <Phase phase>
std::string resets_in(const RunRow& row) {
    return to_field(row.counters.resets(phase));
}

template <Cause cause>
std::string failures_of(const RunRow& row) {
    return to_field(row.counters.of(cause));
}

template <std::size_t digit>
constexpr Column<RunRow> answers_of_class(std::string_view name) {
    return {
        name, [](const RunRow& row) { return to_field(row.counters.by_status_class.at(digit)); },
        [](RunRow& row, const Field& field) { from_field(field, row.counters.by_status_class.at(digit)); }};
}

template <Percentiles RunRow::*of, Percentiles::Time Percentiles::*at>
std::string percentile(const RunRow& row) {
    return to_field(row.*of.*at);
}

std::string mode(const RunRow& row) {
    return row.info.keep_alive ? "keep-alive" : "connection-per-request";
}

void read_mode(RunRow& row, const Field& field) {
    row.info.keep_alive = field.text() == "keep-alive";
}

std::string reset_rate(const RunRow& row) {
    return to_field(Count{row.resets, row.counters.attempts}.rate());
}

std::string answers_per_second(const RunRow& row) {
    const double time = std::chrono::duration<double>(row.elapsed).count();
    return fmt::format("{:.1f}", time > 0 ? static_cast<double>(row.counters.answers) / time : 0);
}

// results/README.md says what each is. New ones go to the end: scripts may count.
constexpr auto table = std::to_array<Column<RunRow>>({
    column<&RunRow::info, &BlockInfo::run_id>("run_id"),
    column<&RunRow::started>("started_utc"),
    column<&RunRow::info, &BlockInfo::label>("label"),
    column<&RunRow::info, &BlockInfo::expectation>("expectation"),
    shown_column<shown_url, &RunRow::info, &BlockInfo::url>("url"),
    {"mode", mode, read_mode},
    column<&RunRow::info, &BlockInfo::connections>("connections"),
    column<&RunRow::info, &BlockInfo::threads>("threads"),
    column<&RunRow::info, &BlockInfo::rate>("rate"),
    column<&RunRow::info, &BlockInfo::send_delay>("send_delay"),
    column<&RunRow::elapsed>("duration_s"),
    column<&RunRow::counters, &Counters::attempts>("attempts"),
    column<&RunRow::counters, &Counters::established>("established"),
    column<&RunRow::counters, &Counters::requests_sent>("requests_sent"),
    column<&RunRow::counters, &Counters::answers>("answers"),
    answers_of_class<2>("http_2xx"),
    answers_of_class<3>("http_3xx"),
    answers_of_class<4>("http_4xx"),
    answers_of_class<5>("http_5xx"),
    column<&RunRow::resets>("resets"),
    {"reset_rate", reset_rate},
    {"reset_rate_low", [](const RunRow& row) { return to_field(row.reset_rate_low); }},
    {"reset_rate_high", [](const RunRow& row) { return to_field(row.reset_rate_high); }},
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
    {"answers_per_s", answers_per_second},
    {"latency_p50_us", percentile<&RunRow::latency, &Percentiles::p50>},
    {"latency_p90_us", percentile<&RunRow::latency, &Percentiles::p90>},
    {"latency_p99_us", percentile<&RunRow::latency, &Percentiles::p99>},
    {"latency_p999_us", percentile<&RunRow::latency, &Percentiles::p999>},
    column<&RunRow::latency, &Percentiles::max>("latency_max_us"),
    {"connect_p50_us", percentile<&RunRow::connect, &Percentiles::p50>},
    {"connect_p99_us", percentile<&RunRow::connect, &Percentiles::p99>},
    column<&RunRow::counters, &Counters::bytes_read>("bytes_read"),
    {"first_byte_p50_us", percentile<&RunRow::first_byte, &Percentiles::p50>},
    {"first_byte_p99_us", percentile<&RunRow::first_byte, &Percentiles::p99>},
    column<&RunRow::delayed_starts>("delayed_starts"),
    column<&RunRow::unstarted>("unstarted"),
    column<&RunRow::info, &BlockInfo::engine>("engine"),
    column<&RunRow::lost>("lost"),
    column<&RunRow::counters, &Counters::idle_closes>("idle_closes"),
    column<&RunRow::confidence>("confidence"),
    since_later(column<&RunRow::ended>("ended")),
});

Percentiles percentiles(const Histogram& histogram) {
    return {.p50 = histogram.quantile(0.5),
            .p90 = histogram.quantile(0.9),
            .p99 = histogram.quantile(0.99),
            .p999 = histogram.quantile(0.999),
            .max = histogram.max()};
}

} // namespace

Columns<RunRow> RunRow::columns() {
    return table;
}

Count resets_of(const Recording& recording) {
    return {recording.counters.resets(), recording.counters.attempts};
}

RunRow run_row(const BlockInfo& info, const Recording& recording, double confidence) {
    return run_row(info, recording, confidence, rate_interval(resets_of(recording), confidence));
}

RunRow run_row(const BlockInfo& info, const Recording& recording, double confidence,
               const RateInterval& interval) {
    const Counters& counters = recording.counters;
    return {.info = info,
            .started = recording.started,
            .elapsed = recording.elapsed,
            .counters = counters,
            .resets = counters.resets(),
            .lost = counters.lost(),
            .reset_rate_low = interval.low,
            .reset_rate_high = interval.high,
            .confidence = confidence,
            .connect = percentiles(recording.connect),
            .first_byte = percentiles(recording.first_byte),
            .latency = percentiles(recording.latency),
            .delayed_starts = recording.delayed_starts,
            .unstarted = recording.unstarted,
            .ended = recording.ended};
}

} // namespace loadgen
