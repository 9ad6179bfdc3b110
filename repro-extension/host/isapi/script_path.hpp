// Which extension a URL's path means, and what it says to it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace host {

/// PREFIX/NAME.dll/info, or PREFIX/any/thing.ext for a script map, decoded.
struct ScriptPath {
    std::string script; ///< PREFIX/NAME.dll, or PREFIX/any/thing.ext: SCRIPT_NAME
    std::string name;   ///< NAME.dll; empty: the path means none
    std::string info;   ///< PATH_INFO: /info, empty if nothing follows; of a script map, the whole path
    std::string prefix; ///< PREFIX
    std::string file;   ///< PATH_INFO without PREFIX: what PATH_TRANSLATED has in the folder of --root
};

/// Which extension gets the paths that end in which suffix (IIS: ScriptMaps).
struct ScriptMap {
    std::string suffix; ///< ".ext"
    std::string name;   ///< "NAME.dll"
};

/// ".ext=NAME.dll"; nothing if it is not of that form.
std::optional<ScriptMap> parse_script_map(std::string_view text);

/// NAME has letters, digits, dot, underscore and hyphen, and does not begin with a dot. No part of
/// `info` is "..": extensions make file names of it. Percent-encoding is decoded once, before all is
/// checked. A script map is tried after that: the first part of the path with its suffix is the script,
/// and PATH_INFO is all of the path, as IIS 5 has it (AllowPathInfoForScriptMappings is off there).
ScriptPath script_path(std::string_view path, std::string_view prefix, std::span<const ScriptMap> maps = {});

/// Percent-encoding decoded once; nothing if what follows a percent sign are not two hexadecimal
/// digits, or if there is a NUL, encoded or not.
std::optional<std::string> percent_decoded(std::string_view text);

/// A part of the path is "..".
bool leads_up(std::string_view path);

} // namespace host
