// A row of comparison.csv: two variants of a regression against each other.
#pragma once

#include "storage/table/columns.hpp"
#include "verdict/regression.hpp"

namespace loadgen {

struct ComparisonRow {
    PairFinding pair;
    Counted counted = Counted::resets;

    static Columns<ComparisonRow> columns();
};

} // namespace loadgen
