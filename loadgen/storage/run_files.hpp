// The CSV files of an output folder. results/README.md names every column.
#pragma once

#include "measure/recording.hpp"
#include "storage/rows/bucket_row.hpp"
#include "storage/rows/event_row.hpp"
#include "storage/rows/interval_row.hpp"
#include "storage/rows/invocation_row.hpp"
#include "storage/rows/outcome_row.hpp"
#include "storage/rows/regression_row.hpp"
#include "storage/rows/run_row.hpp"
#include "verdict/regression.hpp"

#include <filesystem>
#include <span>

namespace loadgen {

class RunFiles {
  public:
    /// Makes the folder if need be and opens all files for appending. Throws std::runtime_error naming what
    /// cannot be written.
    explicit RunFiles(const std::filesystem::path& folder);

    /// Appends to events.csv, while a run or block goes on. Throws OutputError if the disk doesn't take it.
    void write_events(const BlockInfo& info, std::span<const Event> events);
    void write_events(std::span<const EventRow> events);

    /// Appends a run or block to runs.csv, outcomes.csv, intervals.csv and histograms.csv, and to events.csv
    /// what events the recording still holds. The interval on its reset rate has this confidence. Throws
    /// OutputError.
    void write(const BlockInfo& info, const Recording& recording, double confidence);

  private:
    RowWriter<RunRow> runs_;
    RowWriter<OutcomeRow> outcomes_;
    RowWriter<IntervalRow> intervals_;
    RowWriter<EventRow> events_;
    RowWriter<BucketRow> histograms_;
};

/// Appends the pairs of a regression to comparison.csv. Throws OutputError.
void write_comparisons(const std::filesystem::path& folder, std::span<const PairFinding> pairs,
                       Counted counted);

/// Appends a regression to regression.csv. Throws OutputError.
void write_regression(const std::filesystem::path& folder, const RegressionRow& row);

/// Appends the call that makes a run or a regression to invocations.csv. It is written before the load: what
/// has no row elsewhere then was killed. Throws OutputError.
void write_invocation(const std::filesystem::path& folder, const InvocationRow& row);

/// Appends a run's or block's distributions of latency to a file: run_id, label, measure (connect,
/// first_byte, answer), from_us, below_us, count. Throws OutputError.
void write_histograms(const std::filesystem::path& path, const BlockInfo& info, const Recording& recording);

} // namespace loadgen
