#include "storage/rows/outcome_row.hpp"

#include <array>

namespace loadgen {

Columns<OutcomeRow> OutcomeRow::columns() {
    static constexpr auto table = std::to_array<Column<OutcomeRow>>({
        column<&OutcomeRow::run_id>("run_id"),
        column<&OutcomeRow::label>("label"),
        column<&OutcomeRow::outcome, &Outcome::cause>("cause"),
        column<&OutcomeRow::outcome, &Outcome::phase>("phase"),
        column<&OutcomeRow::count>("count"),
    });
    return table;
}

} // namespace loadgen
