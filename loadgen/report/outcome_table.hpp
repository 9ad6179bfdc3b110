// What ended the attempts without an answer, cause by phase.
#pragma once

#include "measure/counters.hpp"

#include <string>
#include <vector>

namespace loadgen {

/// The rows and columns that are not empty, a header row and column first, and last each cause's share of the
/// attempts. Nothing if there was no failure.
std::vector<std::vector<std::string>> outcome_rows(const Counters& counters);

} // namespace loadgen
