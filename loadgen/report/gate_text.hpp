// What a broken gate says.
#pragma once

#include "verdict/gate.hpp"

#include <string>

namespace loadgen {

/// "lost>0: 133 of 1,280 attempts (10.4 %): closed in reuse 120, reset in reuse 13"
std::string text(const BrokenRule& broken);

} // namespace loadgen
