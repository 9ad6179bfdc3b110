// A row of regression.csv: how a regression was planned, why it stopped, and what it came to.
#pragma once

#include "storage/table/columns.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace loadgen {

struct RegressionRow {
    std::string run_id; ///< its blocks' without their numbers
    std::string plan;   ///< "until decided" or "rounds"
    std::optional<std::uint64_t> rounds;
    std::optional<std::uint64_t> max_attempts; ///< of a variant
    std::uint64_t seed = 0;
    std::string counted; ///< resets or lost
    double confidence = 0;
    double max_reset_rate = 0;
    std::string stopped; ///< name(Stop), or "interrupted"
    std::string verdict; ///< name(Verdict); empty when interrupted

    static Columns<RegressionRow> columns();
};

} // namespace loadgen
