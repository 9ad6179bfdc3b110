// Windows speaks UTF-16, everything this program reads and writes is UTF-8.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace host {

std::string to_utf8(std::wstring_view text);
std::string to_utf8(const std::filesystem::path& path);
std::wstring to_utf16(std::string_view text);

/// A Win32 or Winsock error as people read it: "Access denied. (5)".
std::string error_text(unsigned long error);

} // namespace host
