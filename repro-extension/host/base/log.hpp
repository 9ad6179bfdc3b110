// The log on stderr.
#pragma once

#include <string>
#include <string_view>

namespace host {

/// Sends spdlog's default logger to stderr, whole lines with UTC times. `level`: debug, info, warn,
/// error or off.
void start_log(const std::string& level);

/// Warns, but about each sentence a single time. Not for sentences that a client can vary.
void warn_once(const std::string& sentence);

/// Warns of what a client did, of one kind twenty times and then once in ten seconds, with how many
/// were left out: a client can neither flood the log nor silence it for others.
void warn_of_client(std::string_view kind, const std::string& sentence);

} // namespace host
