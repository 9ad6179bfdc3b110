// A row of histograms.csv and of what --histogram writes: one bucket of a latency's distribution.
#pragma once

#include "measure/histogram.hpp"
#include "storage/table/columns.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace loadgen {

struct BucketRow {
    std::string run_id;
    std::string label;
    std::string measure;                 ///< connect, first_byte or answer
    std::optional<std::uint64_t> second; ///< none: over the whole run
    Histogram::Bucket bucket{};

    static Columns<BucketRow> columns();
};

} // namespace loadgen
