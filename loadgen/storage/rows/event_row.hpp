// A row of events.csv: an attempt that did not end well.
#pragma once

#include "measure/attempt_end.hpp"
#include "storage/table/columns.hpp"

#include <string>

namespace loadgen {

struct EventRow {
    std::string run_id;
    std::string label;
    Event event;

    static Columns<EventRow> columns();
};

} // namespace loadgen
