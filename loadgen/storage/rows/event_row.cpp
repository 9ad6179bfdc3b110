#include "storage/rows/event_row.hpp"

#include "measure/shown.hpp"

#include <array>
#include <chrono>

namespace loadgen {
namespace {

std::string time(const EventRow& row) {
    return to_field(std::chrono::duration_cast<std::chrono::microseconds>(row.event.time.time_since_epoch()));
}

void read_time(EventRow& row, const Field& field) {
    row.event.time = std::chrono::system_clock::time_point{std::chrono::microseconds{field.integer()}};
}

std::string port(const EventRow& row) {
    return row.event.local_address.empty() ? std::string() : to_field(unsigned{row.event.local_port});
}

void read_port(EventRow& row, const Field& field) {
    row.event.local_port = port_in(field, row.event.local_address);
}

} // namespace

Columns<EventRow> EventRow::columns() {
    static constexpr auto table = std::to_array<Column<EventRow>>({
        column<&EventRow::run_id>("run_id"),
        column<&EventRow::label>("label"),
        {"time_us", time, read_time},
        column<&EventRow::event, &Event::worker>("worker"),
        column<&EventRow::event, &Event::connection>("connection"),
        column<&EventRow::event, &Event::attempt>("attempt"),
        column<&EventRow::event, &Event::local_address>("local_address"),
        {"local_port", port, read_port}, // after the address, which says if there is one
        column<&EventRow::event, &Event::outcome, &Outcome::cause>("cause"),
        column<&EventRow::event, &Event::outcome, &Outcome::phase>("phase"),
        column<&EventRow::event, &Event::os_error>("os_error"),
        column<&EventRow::event, &Event::os_error_name>("os_error_name"),
        column<&EventRow::event, &Event::bytes_read>("bytes_read"),
        column<&EventRow::event, &Event::age>("age_us"),
        column<&EventRow::event, &Event::remote_address>("remote_address"),
        shown_column<shown_target, &EventRow::event, &Event::target>("target"),
    });
    return table;
}

} // namespace loadgen
