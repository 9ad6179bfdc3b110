// A row of outcomes.csv: how many attempts of a run had one outcome.
#pragma once

#include "measure/outcome.hpp"
#include "storage/table/columns.hpp"

#include <cstdint>
#include <string>

namespace loadgen {

struct OutcomeRow {
    std::string run_id;
    std::string label;
    Outcome outcome{};
    std::uint64_t count = 0;

    static Columns<OutcomeRow> columns();
};

} // namespace loadgen
