// The Windows and ISAPI headers, and the control block's customary short name.
#pragma once

#include <windows.h>

#include <httpext.h>

namespace repro {

using ECB = EXTENSION_CONTROL_BLOCK;

} // namespace repro
