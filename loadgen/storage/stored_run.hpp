// A run as an output folder holds it.
#pragma once

#include "measure/block_info.hpp"
#include "measure/recording.hpp"
#include "storage/rows/event_row.hpp"
#include "storage/rows/part_row.hpp"

#include <vector>

namespace loadgen {

/// Whether events.csv is read: without its events a run lacks its local errors too.
enum class WithEvents { yes, no };

/// A row of runs.csv, with all that belongs to it in the other files.
struct StoredRun {
    BlockInfo info;
    Recording recording;          ///< but for its events
    double confidence = 0.95;     ///< of the interval of its reset rate
    std::vector<Part> parts;      ///< at least one
    std::vector<EventRow> events; ///< each under the run_id of its part
};

} // namespace loadgen
