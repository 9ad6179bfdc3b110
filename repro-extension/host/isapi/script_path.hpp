// Which extension a URL's path means, and what it says to it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace host {

/// PREFIX/NAME.dll/info, decoded.
struct ScriptPath {
    std::string script; ///< PREFIX/NAME.dll: SCRIPT_NAME
    std::string name;   ///< NAME.dll; empty: the path means none
    std::string info;   ///< /info: PATH_INFO; empty: nothing follows
};

/// NAME has letters, digits, dot, underscore and hyphen, and does not begin with a dot. No part of
/// `info` is "..": extensions make file names of it. Percent-encoding is decoded once, before all is
/// checked.
ScriptPath script_path(std::string_view path, std::string_view prefix);

/// Percent-encoding decoded once; nothing if what follows a percent sign are not two hexadecimal
/// digits, or if they are those of NUL.
std::optional<std::string> percent_decoded(std::string_view text);

/// A part of the path is "..".
bool leads_up(std::string_view path);

} // namespace host
