// GetServerVariable: the CGI variables of a request.
#pragma once

#include "isapi/control_block.hpp"

#include <string>
#include <string_view>

namespace host {

/// The value of a CGI variable. Returns 0, or ERROR_INVALID_INDEX for an unknown name or a header
/// the client did not send, or ERROR_NO_DATA for a known variable without a value.
[[nodiscard]] DWORD server_variable(const ControlBlock& block, std::string_view name, std::string& value);

} // namespace host
