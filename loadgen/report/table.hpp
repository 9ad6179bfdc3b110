// Columns of text under one another.
#pragma once

#include <string>
#include <vector>

namespace loadgen {

/// The first row is the header. The first column is aligned left, the others right, two spaces apart.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

} // namespace loadgen
