// Whether isapi-host's --thread-exit cancels|keeps means here what it says.
#pragma once

#include "row.hpp"

#include <optional>
#include <span>
#include <string>

namespace probe {

/// With a port and an event, the exit cancels, and the packet says so; with a port and no event it does
/// not, and the AcceptEx goes on. Empty if so, else a sentence about the first row that is otherwise.
/// What the client sees is no part of it.
std::optional<std::string> otherwise(std::span<const Row> rows);

} // namespace probe
