// The URL under load.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen {

struct Url {
    std::string text;    ///< as given, but for secrets: for files and messages (measure/shown.hpp)
    std::string host;    ///< name or address, an IPv6 address without its brackets
    bool secure = false; ///< https
    std::uint16_t port = 80;
    std::string authority; ///< what the Host header says: host, and the port unless it is the default
    std::string target;    ///< path and query, at least "/": what is sent
};

/// Throws std::invalid_argument with one sentence that names the text, without its secrets, and what is wrong
/// with it.
Url parse_url(std::string_view given);

} // namespace loadgen
