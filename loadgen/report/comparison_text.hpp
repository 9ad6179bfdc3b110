// Finished runs, held against each other.
#pragma once

#include "report/result.hpp"

#include <string>
#include <vector>

namespace loadgen {

/// A row a series, the header first.
std::vector<std::vector<std::string>> comparison_rows(const ComparisonResult& result);

/// The table, and a line for each pair.
std::string comparison_text(const ComparisonResult& result);

} // namespace loadgen
