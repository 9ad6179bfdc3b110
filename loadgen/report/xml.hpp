// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace loadgen {

/// Between tags. Control characters, which XML 1.0 doesn't have even as references, become '?'.
std::string xml_text(std::string_view text);
/// In a quoted attribute: line breaks must be references there.
std::string xml_attribute(std::string_view text);

} // namespace loadgen
