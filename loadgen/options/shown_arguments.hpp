// The arguments of a command as they may stand in files: without what measure/shown.hpp calls a secret.
#pragma once

#include "help/help.hpp"

#include <span>
#include <string>
#include <vector>

namespace loadgen {

/// Word by word, in whatever spelling the command's options are given.
std::vector<std::string> shown_arguments(const CommandHelp& command, std::span<const std::string> arguments);

} // namespace loadgen
