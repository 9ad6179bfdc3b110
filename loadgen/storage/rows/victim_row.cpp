#include "storage/rows/victim_row.hpp"

#include <array>

namespace loadgen {
namespace {

std::string port(const VictimRow& row) {
    return to_field(unsigned{row.client_port});
}

void read_port(VictimRow& row, const Field& field) {
    row.client_port = port_in(field, row.client_address);
}

} // namespace

Columns<VictimRow> VictimRow::columns() {
    static constexpr auto table = std::to_array<Column<VictimRow>>({
        column<&VictimRow::time>("time_us"),
        column<&VictimRow::client_address>("client_address"),
        {"client_port", port, read_port},
        column<&VictimRow::thread_start>("thread_start"),
        column<&VictimRow::operation>("operation"),
    });
    return table;
}

} // namespace loadgen
