// Fields of a CSV file.
#pragma once

#include <string>
#include <string_view>

namespace host {

/// As RFC 4180 wants it: in quotes if it holds a comma, a quote or the end of a line.
inline std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"')
            field += '"';
        field += c;
    }
    return field += '"';
}

} // namespace host
