#include "storage/run_files.hpp"

#include "storage/rows/comparison_row.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace loadgen {
namespace {

std::filesystem::path made(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw std::runtime_error(
            fmt::format("cannot make the output folder '{}': {}", folder.string(), error.message()));
    return folder;
}

void add_buckets(RowWriter<BucketRow>& file, const BlockInfo& info, std::string_view measure,
                 std::optional<std::uint64_t> second, const Histogram& histogram) {
    for (const Histogram::Bucket& bucket : histogram.buckets())
        file.add({info.run_id, info.label, std::string(measure), second, bucket});
    file.flush(); // a long run has many seconds
}

} // namespace

RunFiles::RunFiles(const std::filesystem::path& folder)
    : runs_(made(folder) / "runs.csv"),
      outcomes_(folder / "outcomes.csv"),
      intervals_(folder / "intervals.csv"),
      events_(folder / "events.csv"),
      histograms_(folder / "histograms.csv") {}

void RunFiles::write_events(const BlockInfo& info, std::span<const Event> events) {
    for (const Event& event : events)
        events_.add({info.run_id, info.label, event});
    events_.flush();
}

void RunFiles::write_events(std::span<const EventRow> events) {
    for (const EventRow& event : events)
        events_.add(event);
    events_.flush();
}

void RunFiles::write(const BlockInfo& info, const Recording& recording, double confidence) {
    write_events(info, recording.events);
    for (std::size_t second = 0; second < recording.intervals.size(); ++second)
        intervals_.add({info.run_id, info.label, second, recording.intervals[second]});
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            if (const std::uint64_t count = recording.counters.at({cause, phase}); count > 0)
                outcomes_.add({info.run_id, info.label, {cause, phase}, count});
    add_buckets(histograms_, info, "connect", {}, recording.connect);
    add_buckets(histograms_, info, "first_byte", {}, recording.first_byte);
    for (std::size_t second = 0; second < recording.intervals.size(); ++second)
        add_buckets(histograms_, info, "answer", second, recording.intervals[second].latency);
    runs_.add(run_row(info, recording, confidence));
    // runs.csv last: a run that stands there has all its rows elsewhere.
    intervals_.flush();
    outcomes_.flush();
    runs_.flush();
}

void write_comparisons(const std::filesystem::path& folder, std::span<const PairFinding> pairs,
                       Counted counted) {
    RowWriter<ComparisonRow> file(folder / "comparison.csv");
    for (const PairFinding& pair : pairs)
        file.add({pair, counted});
    file.flush();
}

void write_regression(const std::filesystem::path& folder, const RegressionRow& row) {
    RowWriter<RegressionRow> file(folder / "regression.csv");
    file.add(row);
    file.flush();
}

void write_invocation(const std::filesystem::path& folder, const InvocationRow& row) {
    RowWriter<InvocationRow> file(folder / "invocations.csv");
    file.add(row);
    file.flush();
}

void write_histograms(const std::filesystem::path& path, const BlockInfo& info, const Recording& recording) {
    RowWriter<BucketRow> file(path, {"run_id", "label", "measure", "from_us", "below_us", "count"});
    add_buckets(file, info, "connect", {}, recording.connect);
    add_buckets(file, info, "first_byte", {}, recording.first_byte);
    add_buckets(file, info, "answer", {}, recording.latency);
}

} // namespace loadgen
