// The terminal that stderr may be.
#pragma once

#include <cstddef>

namespace loadgen {

/// Whether stderr is a terminal that understands ANSI escape sequences.
bool stderr_is_terminal();

/// Columns that a line may have there without being wrapped.
std::size_t terminal_width();

} // namespace loadgen
