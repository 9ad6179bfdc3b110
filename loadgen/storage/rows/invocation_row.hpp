// A row of invocations.csv: the call that made a run or a regression.
#pragma once

#include "process/invocation.hpp"
#include "storage/table/columns.hpp"

#include <string>

namespace loadgen {

struct InvocationRow {
    std::string run_id; ///< of the run; of a regression, its blocks' without their numbers
    Invocation invocation;

    static Columns<InvocationRow> columns();
};

} // namespace loadgen
