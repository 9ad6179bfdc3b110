// Names of runs.
#pragma once

#include <string>

namespace loadgen {

/// The UTC second and eight random hex digits, 20261122T095146Z-3f2a9c01: unique over runs and machines.
std::string new_run_id();

} // namespace loadgen
