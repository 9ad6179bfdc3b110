// --help, for a terminal.
#pragma once

#include "help/help.hpp"

#include <string>

namespace loadgen {

std::string help_text(const ProgramHelp& program);
std::string help_text(const CommandHelp& command);

} // namespace loadgen
