// The four functions of a control block through which an extension calls the server: C functions of
// the ISAPI ABI, which check what they are given and pass it on.
#pragma once

#include "isapi/control_block.hpp"

namespace host {

/// To be called before an extension gets the block.
void set_entry_points(ControlBlock& block) noexcept;

} // namespace host
