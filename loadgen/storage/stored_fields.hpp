// What the fields of a row stand for, read back. Each throws std::runtime_error, naming file, line
// and column, if a field is no such thing.
#pragma once

#include "measure/recording.hpp"
#include "storage/block_info.hpp"
#include "storage/csv.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace loadgen {

/// Of started_utc and duration_s.
std::pair<std::chrono::system_clock::time_point, std::chrono::milliseconds> time_in(const CsvReader& row);

/// What of a load may differ between machines: url, connections, threads, rate, send_delay, engine.
void read_load(const CsvReader& row, BlockInfo& info);

/// Of cause and phase.
Outcome outcome_in(const CsvReader& row);

/// A port, 0 to 65535. Where no address stands either nothing was bound: then it is 0.
std::uint16_t port_in(const CsvReader& row, std::string_view address, std::string_view port);

/// A row of events.csv.
Event event_in(const CsvReader& row);

} // namespace loadgen
