// Reads back what an output folder holds, exactly: every count, every histogram, every event.
#pragma once

#include "storage/killed_runs.hpp"
#include "storage/stored_run.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace loadgen {

struct StoredRuns {
    std::vector<StoredRun> runs; ///< in the order of runs.csv
    std::vector<KilledRun> killed;
    bool tells_endings = true; ///< else an older loadgen wrote runs.csv, and all are taken for whole
};

/// Throws std::runtime_error, with a sentence naming the file, if one is missing, can't be read, or says
/// something else than runs.csv does of a run that stands there. What a killed run left behind is left out:
/// there need be no other.
StoredRuns read_stored_runs(const std::filesystem::path& folder, WithEvents with_events = WithEvents::yes);

} // namespace loadgen
