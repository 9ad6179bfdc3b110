// One case, from the AcceptEx to the end of its client.
#pragma once

#include "client.hpp"
#include "row.hpp"

#include <chrono>

namespace probe {

/// Runs the case once for each way to close its socket, and once more if it is then still pending, to
/// see whether it is alive. `patience`: after so long nothing has come.
Row measure(const Case& what, Client& client, std::chrono::milliseconds patience);

} // namespace probe
