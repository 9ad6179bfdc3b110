// What the host writes of an answer: its head, or all of one that is the host's own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace host {

/// An HTTP/1.1 response head as IIS makes it for an extension. `status`: "200 OK"; empty is "200
/// OK". `headers`: the extension's, with the blank line and perhaps the start of the body after it;
/// the blank line is added where it is missing. `keep`: what the Connection header says; none is
/// added if `headers` has one.
std::string response_head(std::string_view status, std::string_view headers, bool keep);

/// A whole answer of the host itself: plain text, Connection: close. `status`: "404 Not Found".
std::string error_answer(std::string_view status, std::string_view sentence, bool head_only);

} // namespace host
