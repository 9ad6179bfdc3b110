// How this program was called, and where it runs: what it takes to do it again.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace loadgen {

struct Invocation {
    std::string version;      ///< of loadgen
    std::string system;       ///< the operating system's name, release and architecture
    std::string processor;    ///< its model; empty where the system doesn't tell
    unsigned processors = 0;  ///< logical ones
    std::string command_line; ///< as a shell takes it; credentials are left out

    bool is_known() const { return !version.empty(); }
};

/// Of this process, called as `loadgen COMMAND ARGUMENTS...`.
Invocation this_invocation(std::string_view command, std::span<const std::string> arguments);

/// The words as a POSIX shell takes them. The values of HTTP headers that carry credentials are not there:
/// the line goes into files that people pass on.
std::string shell_line(std::span<const std::string> words);

// What the system says of itself.

std::string system_name();
std::string processor_name();

} // namespace loadgen
