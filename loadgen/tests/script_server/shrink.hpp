// From scripts that show a disagreement to the fewest and simplest that still do.
#pragma once

#include "tests/script_server/trial.hpp"

#include <functional>
#include <vector>

namespace loadgen {

/// Whether a load of these scripts, over and over, shows a disagreement.
using Fails = std::function<bool(const std::vector<Script>&)>;

/// `suspect`: the script that the disagreement is about, if it is about one. What comes out fails too; it is
/// `scripts` itself if nothing less does.
std::vector<Script> smallest(std::vector<Script> scripts, std::optional<std::size_t> suspect,
                             const Fails& fails);

} // namespace loadgen
