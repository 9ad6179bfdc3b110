// Gates: what a run must not be, as --fail-on has it.
#pragma once

#include "verdict/cells.hpp"
#include "verdict/quantity.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace loadgen {

enum class Relation { above, at_least, below, at_most };
/// >, >=, <, <=
std::string_view sign(Relation relation);

/// Of all attempts: 0 to 100.
struct Percent {
    double value = 0;
    friend bool operator==(Percent, Percent) = default;
};

/// Of attempts a count or a share, of numbers a count, of rates a number per second, of times a
/// duration.
using Limit = std::variant<std::uint64_t, Percent, double, std::chrono::nanoseconds>;

/// "lost>0": broken when more than none were lost.
struct Rule {
    std::string name; ///< Quantity::name
    Relation relation = Relation::above;
    Limit limit;
    friend bool operator==(const Rule&, const Rule&) = default;
};

/// As it is written.
std::string text(const Rule& rule);

/// Every run breaks the rule, or none can: a rule that says nothing.
bool is_always_broken(const Rule& rule);
bool is_never_broken(const Rule& rule);

struct BrokenRule {
    Rule rule;
    Unit unit = Unit::number;
    std::optional<Amount> measured; ///< nothing: nothing was measured that could have held
    std::uint64_t attempts = 0;
    std::vector<CellCount> where; ///< of a sum of several cells the largest first
};

/// Nothing if the recording keeps the rule. The rule's name is a quantity's, and its limit fits the
/// unit.
std::optional<BrokenRule> broken(const Rule& rule, const Recording& recording);

} // namespace loadgen
