// Durations and delays as the command line writes them.
#pragma once

#include "client/delay.hpp"

#include <chrono>
#include <string_view>

namespace loadgen {

/// 500us, 20ms, 2s, 1.5s, 1m, 2h. Throws std::invalid_argument with a sentence that begins with the text.
std::chrono::nanoseconds parse_duration(std::string_view text);

/// A duration, uniform:LOW..HIGH or exp:MEAN. Throws as parse_duration does.
Delay parse_delay(std::string_view text);

} // namespace loadgen
