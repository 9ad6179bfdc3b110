// What a person reads on the terminal of one run.
#pragma once

#include "report/result.hpp"

#include <string>
#include <string_view>

namespace loadgen {

/// What a run that is read back does not say.
inline constexpr std::string_view gates_not_stored =
    "Gates (--fail-on) are not stored: this says what was measured, and not if a gate failed.";

/// The result of `run`.
std::string run_summary(const RunResult& result);

} // namespace loadgen
