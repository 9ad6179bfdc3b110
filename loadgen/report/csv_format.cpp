#include "report/csv_format.hpp"

#include "storage/rows/run_row.hpp"

#include <fmt/format.h>

#include <vector>

namespace loadgen {
namespace {

std::string line(auto&& field_of) {
    std::vector<std::string> fields;
    for (const Column<RunRow>& column : RunRow::columns())
        fields.push_back(csv_quoted(field_of(column)));
    return fmt::format("{}\n", fmt::join(fields, ","));
}

std::string header() {
    return line([](const Column<RunRow>& column) { return std::string(column.name); });
}

std::string line_of(const BlockInfo& info, const Recording& recording, double confidence) {
    const RunRow row = run_row(info, recording, confidence);
    return line([&](const Column<RunRow>& column) { return column.write(row); });
}

} // namespace

std::string run_csv(const RunResult& result) {
    return header() + line_of(result.info, result.recording, result.confidence);
}

std::string regression_csv(const RegressionResult& result) {
    std::string text = header();
    for (const auto& [info, recording, finding] : result.variants)
        text += line_of(info, recording, result.claim.confidence);
    return text;
}

} // namespace loadgen
