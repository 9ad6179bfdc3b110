#include "storage/rows/interval_row.hpp"

#include <array>

namespace loadgen {
namespace {

template <int percent>
std::string latency_at(const IntervalRow& row) {
    return to_field(row.interval.latency.quantile(percent / 100.0));
}

} // namespace

Columns<IntervalRow> IntervalRow::columns() {
    static constexpr auto table = std::to_array<Column<IntervalRow>>({
        column<&IntervalRow::run_id>("run_id"),
        column<&IntervalRow::label>("label"),
        column<&IntervalRow::second>("second"),
        column<&IntervalRow::interval, &Interval::attempts>("attempts"),
        column<&IntervalRow::interval, &Interval::answers>("answers"),
        column<&IntervalRow::interval, &Interval::resets>("resets"),
        column<&IntervalRow::interval, &Interval::other_failures>("other_failures"),
        {"latency_p50_us", latency_at<50>},
        {"latency_p99_us", latency_at<99>},
        column<&IntervalRow::interval, &Interval::lost>("lost"),
    });
    return table;
}

} // namespace loadgen
