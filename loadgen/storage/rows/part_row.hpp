// A row of parts.csv: what one machine contributed to a row of runs.csv.
#pragma once

#include "measure/block_info.hpp"
#include "measure/run_ending.hpp"
#include "storage/table/columns.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

namespace loadgen {

/// Of a run of one machine the whole, of merged runs a part.
struct Part {
    BlockInfo info;
    std::string source; ///< the folder that the machine left
    std::chrono::system_clock::time_point started{};
    std::chrono::nanoseconds elapsed{0};
    std::uint64_t attempts = 0;
    std::uint64_t answers = 0;
    std::uint64_t resets = 0;
    std::uint64_t lost = 0; ///< Counters::lost
    RunEnding ended;
};

/// How their sum ended: as the worst of them, of equally bad ones the first.
RunEnding worst_ending(std::span<const Part> parts);

struct PartRow {
    std::string run_id; ///< of the whole
    std::string label;
    Part part;

    static Columns<PartRow> columns();
};

} // namespace loadgen
