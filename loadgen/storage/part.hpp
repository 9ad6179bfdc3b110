// What one machine contributed to a row of runs.csv: of a run of one machine the whole, of merged runs a
// part.
#pragma once

#include "measure/recording.hpp"
#include "storage/block_info.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace loadgen {

struct Part {
    BlockInfo info;
    std::string source; ///< the folder that the machine left
    std::chrono::system_clock::time_point started{};
    std::chrono::nanoseconds elapsed{0};
    std::uint64_t attempts = 0;
    std::uint64_t answers = 0;
    std::uint64_t resets = 0;
    std::uint64_t lost = 0;    ///< Counters::lost
    std::vector<Event> events; ///< in events.csv under the part's own run_id
};

/// A row of runs.csv, with all that belongs to it in the other files.
struct StoredRun {
    BlockInfo info;
    Recording recording;     ///< its events are in the parts
    std::vector<Part> parts; ///< at least one
};

/// Writes parts.csv, which says what the rows of runs.csv were added up from. Throws OutputError.
void write_parts(const std::filesystem::path& folder, const std::vector<StoredRun>& runs);

} // namespace loadgen
