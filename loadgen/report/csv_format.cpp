#include "report/csv_format.hpp"

#include "storage/rows/run_row.hpp"

#include <vector>

namespace loadgen {
namespace {

std::string line(auto&& field_of) {
    std::vector<std::string> fields;
    for (const Column<RunRow>& column : RunRow::columns())
        fields.push_back(field_of(column));
    return csv_line(fields);
}

std::string header() {
    return line([](const Column<RunRow>& column) { return std::string(column.name); });
}

std::string line_of(const RunRow& row) {
    return line([&](const Column<RunRow>& column) { return column.write(row); });
}

} // namespace

std::string run_csv(const RunResult& result) {
    return header() + line_of(run_row(result.info, result.recording, result.confidence));
}

std::string regression_csv(const RegressionResult& result) {
    std::string text = header();
    for (const VariantResult& variant : result.variants)
        text += line_of(
            run_row(variant.info, variant.recording, result.claim.confidence,
                    bounds_of(resets_of(variant.recording), variant.finding.expectation, result.claim)));
    return text;
}

} // namespace loadgen
