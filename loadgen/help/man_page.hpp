// The manual page loadgen(1), in the language of man(7).
#pragma once

#include "help/help.hpp"

#include <string>

namespace loadgen {

std::string man_page(const ProgramHelp& program);

} // namespace loadgen
