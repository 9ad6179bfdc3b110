// A row of victims.csv, as far as reconcile reads it: isapi-host writes one for each client that lost its
// connection to a thread's exit.
#pragma once

#include "storage/table/columns.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace loadgen {

struct VictimRow {
    std::chrono::microseconds time{0}; ///< since 1970
    std::string client_address;
    std::uint16_t client_port = 0;
    std::string thread_start;
    std::string operation; ///< "accept" or "read"; files of older hosts have no such column

    static Columns<VictimRow> columns();
};

} // namespace loadgen
