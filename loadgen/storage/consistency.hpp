// Do the files of an output folder say the same of a run? Before they are added up they must.
#pragma once

#include "storage/stored_run.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace loadgen {

/// What runs.csv says of a run and a recording works out from other figures.
struct StatedFigures {
    std::uint64_t resets = 0;
    std::uint64_t lost = 0;
    std::optional<std::chrono::microseconds> latency_max;
};

/// Throws std::runtime_error, naming the file and both figures, if one of the others differs from runs.csv:
/// rows are missing, or were added.
void check_consistency(const std::filesystem::path& folder, const StoredRun& run, const StatedFigures& stated,
                       WithEvents with_events);

} // namespace loadgen
