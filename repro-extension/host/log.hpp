// The log on stderr.
#pragma once

#include <string>

namespace host {

/// Sends spdlog's default logger to stderr, whole lines with UTC times. `level`: debug, info, warn,
/// error or off.
void start_log(const std::string& level);

/// Warns, but about each sentence a single time, so that a client cannot flood the log.
void warn_once(const std::string& sentence);

} // namespace host
