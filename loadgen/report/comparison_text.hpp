// Finished runs, held against each other.
#pragma once

#include "report/result.hpp"

#include <string>
#include <vector>

namespace loadgen {

/// A row a series, the header first.
std::vector<std::vector<std::string>> comparison_rows(const ComparisonResult& result);

/// A line for each pair, and one for each series that did not come to its end.
std::string comparison_sentences(const ComparisonResult& result);

/// The table, and those lines.
std::string comparison_text(const ComparisonResult& result);

} // namespace loadgen
