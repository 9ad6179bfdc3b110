#include "storage/rows/comparison_row.hpp"

#include <array>

namespace loadgen {

// Nobody reads it back.
Columns<ComparisonRow> ComparisonRow::columns() {
    using Row = ComparisonRow;
    static constexpr auto table = std::to_array<Column<Row>>({
        {"baseline", [](const Row& row) { return row.pair.baseline; }},
        {"candidate", [](const Row& row) { return row.pair.candidate; }},
        {"attempts_baseline", [](const Row& row) { return to_field(row.pair.comparison.baseline.trials); }},
        {"resets_baseline", [](const Row& row) { return to_field(row.pair.comparison.baseline.events); }},
        {"attempts_candidate", [](const Row& row) { return to_field(row.pair.comparison.candidate.trials); }},
        {"resets_candidate", [](const Row& row) { return to_field(row.pair.comparison.candidate.events); }},
        {"rate_ratio_low", [](const Row& row) { return to_field(row.pair.comparison.rate_ratio_low); }},
        {"p_value", [](const Row& row) { return to_field(row.pair.comparison.p_value); }},
        {"candidate_rate_high",
         [](const Row& row) { return to_field(row.pair.comparison.candidate_rate_high); }},
        {"verdict", [](const Row& row) { return std::string(row.pair.evident ? "fewer" : "~"); }},
        {"count", [](const Row& row) { return std::string(name(row.counted)); }},
    });
    return table;
}

} // namespace loadgen
