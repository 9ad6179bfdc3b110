// Files whose content goes to a client.
#pragma once

#include "base/handles.hpp"

#include <cstdint>
#include <string>

namespace host {

/// `path`: UTF-8. Empty if it cannot be opened, or is no file.
UniqueHandle open_to_read(const std::string& path) noexcept;

/// Adds what stands in the file from `offset` on; `size` 0: to its end. Works on handles with
/// FILE_FLAG_OVERLAPPED and without. 0, or a Win32 error: ERROR_INVALID_PARAMETER beyond the end.
DWORD append_file(std::string& bytes, HANDLE file, std::uint64_t offset, std::uint64_t size);

} // namespace host
