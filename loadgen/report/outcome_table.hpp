// What ended the attempts without an answer, cause by phase.
#pragma once

#include "measure/counters.hpp"

#include <string>
#include <vector>

namespace loadgen {

/// The rows and columns that are not empty, a header row and column first. Nothing if there was no failure.
std::vector<std::vector<std::string>> outcome_rows(const Counters& counters);

} // namespace loadgen
