#include "storage/part.hpp"

#include "storage/columns.hpp"
#include "storage/timestamp.hpp"

#include <array>

namespace loadgen {
namespace {

struct PartRow {
    const BlockInfo& whole;
    const Part& part;
};

constexpr auto columns = std::to_array<Column<PartRow>>({
    {"run_id", [](const PartRow& row) { return row.whole.run_id; }},
    {"label", [](const PartRow& row) { return row.whole.label; }},
    {"part", [](const PartRow& row) { return row.part.info.run_id; }},
    {"source", [](const PartRow& row) { return row.part.source; }},
    {"started_utc", [](const PartRow& row) { return iso8601(row.part.started); }},
    {"duration_s", [](const PartRow& row) { return seconds_text(row.part.elapsed); }},
    {"url", [](const PartRow& row) { return row.part.info.url; }},
    {"connections", [](const PartRow& row) { return text(row.part.info.connections); }},
    {"threads", [](const PartRow& row) { return text(row.part.info.threads); }},
    {"rate",
     [](const PartRow& row) { return row.part.info.rate ? text(*row.part.info.rate) : std::string(); }},
    {"send_delay", [](const PartRow& row) { return row.part.info.send_delay; }},
    {"engine", [](const PartRow& row) { return row.part.info.engine; }},
    {"attempts", [](const PartRow& row) { return text(row.part.attempts); }},
    {"answers", [](const PartRow& row) { return text(row.part.answers); }},
    {"resets", [](const PartRow& row) { return text(row.part.resets); }},
    {"lost", [](const PartRow& row) { return text(row.part.lost); }},
});

constexpr auto names = names_of(columns);

} // namespace

void write_parts(const std::filesystem::path& folder, const std::vector<StoredRun>& runs) {
    CsvWriter file(folder / "parts.csv", names);
    for (const StoredRun& run : runs)
        for (const Part& part : run.parts)
            add_row(file, columns, PartRow{run.info, part});
    file.flush();
}

} // namespace loadgen
