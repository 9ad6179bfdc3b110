// The files of distributions: a row per bucket of a latency's histogram.
#pragma once

#include "measure/recording.hpp"
#include "storage/block_info.hpp"
#include "storage/csv.hpp"

#include <filesystem>

namespace loadgen {

/// histograms.csv of an output folder: the answers' latencies by second, those of connections and first bytes
/// over the whole run. With it, `merge` adds up the runs of several machines and has exact percentiles.
class HistogramsFile {
  public:
    explicit HistogramsFile(const std::filesystem::path& path);

    /// Appends a run or block. Throws OutputError.
    void write(const BlockInfo& info, const Recording& recording);

  private:
    CsvWriter file_;
};

/// Appends a run's or block's distributions of latency to a file: run_id, label, measure (connect,
/// first_byte, answer), from_us, below_us, count. Throws OutputError.
void write_histograms(const std::filesystem::path& path, const BlockInfo& info, const Recording& recording);

} // namespace loadgen
