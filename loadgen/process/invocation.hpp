// How this program was called, and where it runs: what it takes to do it again.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

struct Invocation {
    std::string version;      ///< of loadgen
    std::string system;       ///< the operating system's name, release and architecture
    std::string processor;    ///< its model; empty where the system doesn't tell
    unsigned processors = 0;  ///< logical ones
    std::string command_line; ///< as a shell takes it, without secrets

    bool is_known() const { return !version.empty(); }
};

/// Of this process, called as `loadgen COMMAND ARGUMENTS...`. The line goes into files that people pass on:
/// the arguments are those that may be shown (options/shown_arguments.hpp).
Invocation this_invocation(std::string_view command, std::span<const std::string> arguments);

/// The words as a POSIX shell takes them.
std::string shell_line(std::span<const std::string> words);
/// The words of such a line.
std::vector<std::string> shell_words(std::string_view line);

// What the system says of itself.

std::string system_name();
std::string processor_name();

} // namespace loadgen
