// The ServerSupportFunction codes that take a URL. Each returns 0 or the Win32 error; arguments are as
// the ISAPI has them.
#pragma once

#include "isapi/control_block.hpp"

#include <string_view>

namespace host::url {

/// No request has a longer one.
inline constexpr DWORD longest = 16 * 1024;

/// `cch` characters, but never past a NUL: extensions disagree on whether the length counts it.
std::string_view bounded(const char* text, DWORD cch) noexcept;

/// HSE_REQ_SEND_URL_REDIRECT_RESP. `buffer`: the URL; `size`: its length.
DWORD redirect(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);
/// HSE_REQ_SEND_URL. The same; the client gets the file that the URL names, or 404.
DWORD send(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);
/// HSE_REQ_MAP_URL_TO_PATH. `buffer`: the URL, replaced by the path; `size`: the buffer's, replaced by
/// the path's.
DWORD map(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);
/// HSE_REQ_MAP_URL_TO_PATH_EX. `buffer`: the URL; `size`: its length; `type`: an HSE_URL_MAPEX_INFO for
/// the answer.
DWORD map_ex(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);
/// HSE_REQ_NORMALIZE_URL. `buffer`: the URL, decoded where it stands.
DWORD normalize(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);

} // namespace host::url
