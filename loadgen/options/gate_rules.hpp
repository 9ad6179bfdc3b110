// Gate rules as --fail-on writes them.
#pragma once

#include "verdict/gate.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

/// RULE[,RULE...], a rule being NAME, one of > >= < <=, and a limit: lost>0, p99>50ms, resets>0.1%.
/// Throws std::invalid_argument with a sentence that begins with the rule; a rule that every run or
/// none would break is refused, too.
std::vector<Rule> parse_rules(std::string_view text);

/// What --help says of them (help/prose.hpp).
std::string rules_help();

} // namespace loadgen
