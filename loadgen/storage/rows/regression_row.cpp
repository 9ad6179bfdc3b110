#include "storage/rows/regression_row.hpp"

#include <array>

namespace loadgen {

Columns<RegressionRow> RegressionRow::columns() {
    static constexpr auto table = std::to_array<Column<RegressionRow>>({
        column<&RegressionRow::run_id>("run_id"),
        column<&RegressionRow::plan>("plan"),
        column<&RegressionRow::rounds>("rounds"),
        column<&RegressionRow::max_attempts>("max_attempts"),
        column<&RegressionRow::seed>("seed"),
        column<&RegressionRow::counted>("count"),
        column<&RegressionRow::confidence>("confidence"),
        column<&RegressionRow::max_reset_rate>("max_reset_rate"),
        column<&RegressionRow::stopped>("stopped"),
        column<&RegressionRow::verdict>("verdict"),
    });
    return table;
}

} // namespace loadgen
