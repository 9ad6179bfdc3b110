// What may be shown of what is sent: the one place that decides what is a secret. Files, pages and messages
// are passed on, and CI publishes them; so whatever comes from a header, a body, a URL or an argument goes
// through here before it is written anywhere. Each function leaves as it is what it has made itself.
#pragma once

#include <string>
#include <string_view>

namespace loadgen {

/// What stands in a secret's place.
inline constexpr std::string_view hidden = "<hidden>";

/// Of "Name: value" the value, unless the header is one of the few that are known to be harmless. All of it,
/// if it has not this form.
std::string shown_header(std::string_view line);

/// Of a URL, well-formed or not: the user, the values of parameters whose names look secret, tokens, and the
/// fragment. Several may stand there with a space between them, as in the row of a merged run.
std::string shown_url(std::string_view text);

/// The same of a path and query.
std::string shown_target(std::string_view target);

/// Of a variant as --faulty and --fixed name it: NAME or NAME=PATH, which may end in ",keep-alive".
std::string shown_variant(std::string_view text);

/// Of a value that cannot be used as what it was given for: it is shown where it is a plain word, or a number
/// that may have a unit. Anything else may have been meant for another option (`-d` is --body to curl).
std::string shown_value(std::string_view text);

} // namespace loadgen
