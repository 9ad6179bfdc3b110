// Completions for bash: a script to be sourced.
#pragma once

#include "help/help.hpp"

#include <string>

namespace loadgen {

std::string bash_completion(const ProgramHelp& program);

} // namespace loadgen
