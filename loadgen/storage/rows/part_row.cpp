#include "storage/rows/part_row.hpp"

#include "measure/shown.hpp"

#include <array>

namespace loadgen {

RunEnding worst_ending(std::span<const Part> parts) {
    RunEnding worst;
    for (const Part& part : parts)
        worst = worse_of(worst, part.ended);
    return worst;
}

Columns<PartRow> PartRow::columns() {
    constexpr auto part = &PartRow::part;
    constexpr auto info = &Part::info;
    static constexpr auto table = std::to_array<Column<PartRow>>({
        column<&PartRow::run_id>("run_id"),
        column<&PartRow::label>("label"),
        column<part, info, &BlockInfo::run_id>("part"),
        column<part, &Part::source>("source"),
        column<part, &Part::started>("started_utc"),
        column<part, &Part::elapsed>("duration_s"),
        shown_column<shown_url, part, info, &BlockInfo::url>("url"),
        column<part, info, &BlockInfo::connections>("connections"),
        column<part, info, &BlockInfo::threads>("threads"),
        column<part, info, &BlockInfo::rate>("rate"),
        column<part, info, &BlockInfo::send_delay>("send_delay"),
        column<part, info, &BlockInfo::engine>("engine"),
        column<part, &Part::attempts>("attempts"),
        column<part, &Part::answers>("answers"),
        column<part, &Part::resets>("resets"),
        column<part, &Part::lost>("lost"),
        since_later(column<part, &Part::ended>("ended")),
    });
    return table;
}

} // namespace loadgen
