// ServerSupportFunction: what each HSE_REQ_* does.
#pragma once

#include "isapi/control_block.hpp"

namespace host {

/// The function's name, "MAP_URL_TO_PATH", or "ServerSupportFunction" for one that is not here.
std::string_view server_support_name(DWORD function) noexcept;

/// ServerSupportFunction: one HSE_REQ_* on a block that is not completed yet. Returns 0 or the
/// error for GetLastError; ERROR_INVALID_PARAMETER for a function that is not in the table. After
/// DONE_WITH_SESSION the block may be gone.
[[nodiscard]] DWORD server_support(ControlBlock& block, DWORD function, void* buffer, DWORD* size,
                                   DWORD* type);

} // namespace host
