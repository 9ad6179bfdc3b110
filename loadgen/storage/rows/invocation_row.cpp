#include "storage/rows/invocation_row.hpp"

#include <array>

namespace loadgen {

Columns<InvocationRow> InvocationRow::columns() {
    static constexpr auto table = std::to_array<Column<InvocationRow>>({
        column<&InvocationRow::run_id>("run_id"),
        column<&InvocationRow::invocation, &Invocation::version>("version"),
        column<&InvocationRow::invocation, &Invocation::system>("system"),
        column<&InvocationRow::invocation, &Invocation::processor>("processor"),
        column<&InvocationRow::invocation, &Invocation::processors>("processors"),
        column<&InvocationRow::invocation, &Invocation::command_line>("command_line"),
    });
    return table;
}

} // namespace loadgen
