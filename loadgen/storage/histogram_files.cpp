#include "storage/histogram_files.hpp"

#include "storage/columns.hpp"

#include <optional>

namespace loadgen {
namespace {

struct BucketRow {
    const BlockInfo& info;
    std::string_view measure;
    std::optional<std::size_t> second; // none: over the whole run
    Histogram::Bucket bucket;
};

std::string run_id_of(const BucketRow& row) {
    return row.info.run_id;
}
std::string label_of(const BucketRow& row) {
    return row.info.label;
}
std::string measure_of(const BucketRow& row) {
    return std::string(row.measure);
}
std::string second_of(const BucketRow& row) {
    return row.second ? text(*row.second) : std::string();
}
std::string from_of(const BucketRow& row) {
    return text(row.bucket.low.count());
}
std::string below_of(const BucketRow& row) {
    return text(row.bucket.high.count());
}
std::string count_of(const BucketRow& row) {
    return text(row.bucket.count);
}

constexpr auto whole_columns = std::to_array<Column<BucketRow>>({
    {"run_id", run_id_of},
    {"label", label_of},
    {"measure", measure_of},
    {"from_us", from_of},
    {"below_us", below_of},
    {"count", count_of},
});

constexpr auto columns = std::to_array<Column<BucketRow>>({
    {"run_id", run_id_of},
    {"label", label_of},
    {"measure", measure_of},
    {"second", second_of},
    {"from_us", from_of},
    {"below_us", below_of},
    {"count", count_of},
});

constexpr auto whole_names = names_of(whole_columns);
constexpr auto names = names_of(columns);

} // namespace

HistogramsFile::HistogramsFile(const std::filesystem::path& path) : file_(path, names) {}

void HistogramsFile::write(const BlockInfo& info, const Recording& recording) {
    const auto add = [&](std::string_view measure, std::optional<std::size_t> second,
                         const Histogram& histogram) {
        for (const Histogram::Bucket& bucket : histogram.buckets())
            add_row(file_, columns, BucketRow{info, measure, second, bucket});
        file_.flush(); // a long run has many seconds
    };
    add("connect", {}, recording.connect);
    add("first_byte", {}, recording.first_byte);
    for (std::size_t second = 0; second < recording.intervals.size(); ++second)
        add("answer", second, recording.intervals[second].latency);
}

void write_histograms(const std::filesystem::path& path, const BlockInfo& info, const Recording& recording) {
    CsvWriter file(path, whole_names);
    const auto add = [&](std::string_view measure, const Histogram& histogram) {
        for (const Histogram::Bucket& bucket : histogram.buckets())
            add_row(file, whole_columns, BucketRow{info, measure, {}, bucket});
    };
    add("connect", recording.connect);
    add("first_byte", recording.first_byte);
    add("answer", recording.latency);
    file.flush();
}

} // namespace loadgen
