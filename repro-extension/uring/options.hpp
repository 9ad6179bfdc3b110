// The command line.
#pragma once

#include "ring.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace uring {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    unsigned outstanding = 40;
    int listen_backlog = 200;
    unsigned pool_threads = 4;
    Submitter submitter = Submitter::thread;
    std::string victims;
    bool probe = false;
};

struct CommandLine {
    std::optional<Options> options; ///< none: there is only the text to print
    int exit_code = 0;
    std::string text;
};

CommandLine parse_command_line(int count, const char* const* arguments);

} // namespace uring
