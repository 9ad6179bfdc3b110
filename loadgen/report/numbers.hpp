// Numbers as people read them.
#pragma once

#include "measure/recording.hpp"
#include "verdict/cells.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace loadgen {

/// 12,345
std::string grouped(std::uint64_t number);
/// "1 thread", "12,345 threads"
std::string plural(std::uint64_t number, std::string_view noun);
/// Of the nearest whole number: 12,345
std::string rounded(double number);
/// A rate of 0..1 in per cent, with two significant digits at the least: 43.6 %, 0.077 %, 0 %.
std::string percent(double rate);
/// 850 us, 3.1 ms, 2.5 s; "-": there is none
std::string brief(std::optional<std::chrono::microseconds> time);
/// "closed in reuse 120, reset in reuse 13"
std::string listed(std::span<const CellCount> cells);

/// While the load ran; 0 if it took no time.
double per_second(std::uint64_t count, const Recording& recording);

} // namespace loadgen
