// Times and durations as the CSV files have them, to the microsecond.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen {

/// 2026-11-22T10:15:00.250000Z
std::string iso8601(std::chrono::system_clock::time_point time);
/// Reads that, and what has milliseconds only; nothing if it is something else.
std::optional<std::chrono::system_clock::time_point> parse_iso8601(std::string_view text);

/// 2.500000
std::string seconds_text(std::chrono::nanoseconds time);

} // namespace loadgen
