// A row of intervals.csv: one second of a run.
#pragma once

#include "measure/recording.hpp"
#include "storage/table/columns.hpp"

#include <cstdint>
#include <string>

namespace loadgen {

struct IntervalRow {
    std::string run_id;
    std::string label;
    std::uint64_t second = 0;
    Interval interval; ///< its latency is that of histograms.csv: it is not read from here

    static Columns<IntervalRow> columns();
};

} // namespace loadgen
