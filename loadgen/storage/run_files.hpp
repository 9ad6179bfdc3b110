// The CSV files of an output folder. results/README.md names every column.
#pragma once

#include "measure/recording.hpp"
#include "storage/block_info.hpp"
#include "storage/csv.hpp"
#include "storage/histogram_files.hpp"
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

    /// Appends a run or block to runs.csv, outcomes.csv, intervals.csv and histograms.csv, and to events.csv
    /// what events the recording still holds. The interval on its reset rate has this confidence. Throws
    /// OutputError.
    void write(const BlockInfo& info, const Recording& recording, double confidence);

  private:
    CsvWriter runs_;
    CsvWriter outcomes_;
    CsvWriter intervals_;
    CsvWriter events_;
    HistogramsFile histograms_;
};

/// Appends the pairs of a regression to comparison.csv.
void write_comparisons(const std::filesystem::path& folder, std::span<const PairFinding> pairs,
                       Counted counted);

} // namespace loadgen
