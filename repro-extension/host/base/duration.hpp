// Durations on the command line.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace host {

/// A duration as the command line writes it: a whole number and ms, s, m or h, such as 500ms, 2s,
/// 1m. Nothing for any other text, a sign, or what does not fit into 32 bits of milliseconds
/// (Windows' own range).
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

} // namespace host
