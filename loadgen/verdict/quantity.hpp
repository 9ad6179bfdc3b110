// What of a recording a gate can be about: every count, rate and percentile, by name.
#pragma once

#include "measure/recording.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace loadgen {

/// What a quantity is counted in, and so what its limit must be.
enum class Unit {
    attempts, ///< so many of all attempts
    number,   ///< a count that is no share of the attempts
    rate,     ///< per second
    time,     ///< of a latency
};

/// A count (attempts, number), a rate or a time.
using Amount = std::variant<std::uint64_t, double, std::chrono::microseconds>;

struct Quantity {
    std::string name; ///< where there are several spellings (p999), the one that is printed (p99.9)
    Unit unit = Unit::number;
    std::vector<Outcome> cells; ///< that it is the sum of; empty: it is no such sum
    std::function<std::optional<Amount>(const Recording&)> measured; ///< nothing: nothing was measured
};

/// The names, as files and tables have them:
/// - attempts, answers, http_5xx, idle_closes, resets, lost and the other counts of runs.csv;
/// - a cause, in all phases (closed). `reset` is none, lest it be taken for `resets`, which has
///   broken_pipe and aborted in it;
/// - CAUSE_PHASE, a cell (closed_reuse); reset_PHASE is all resets in that phase, as in runs.csv;
/// - answers_per_s, attempts_per_s;
/// - p50, p99, p99.9 (p999), any other percentile and max: of the answers' latency; with connect_ or
///   first_byte_ before it, of that.
std::optional<Quantity> quantity_named(std::string_view wanted);

/// For --help: all counts but the cells, then the rates.
std::vector<std::string_view> count_names();
std::vector<std::string_view> rate_names();

} // namespace loadgen
