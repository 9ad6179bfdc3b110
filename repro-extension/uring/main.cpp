#include "options.hpp"
#include "probe.hpp"
#include "server.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace {

constexpr int bad_usage = 2;
constexpr int no_io_uring = 5;

void say(std::FILE* stream, const std::string& text) {
    std::fputs(text.c_str(), stream);
    std::fflush(stream);
}

int run(const uring::Options& options) {
    if (options.probe) {
        const uring::ProbeResult result = uring::probe();
        say(stdout, result.text);
        return result.exit_code;
    }
    uring::Server server(options);
    say(stdout, fmt::format("listening on {}:{}\n", options.address, server.port()));
    server.run();
    say(stdout, uring::to_line(server.counters()) + "\n");
    return 0;
}

} // namespace

int main(int count, char** arguments) {
    try {
        const uring::CommandLine line = uring::parse_command_line(count, arguments);
        if (line.options)
            return run(*line.options);
        say(line.exit_code == 0 ? stdout : stderr, line.text);
        return line.exit_code;
    } catch (const uring::Unavailable& error) {
        say(stderr, fmt::format("uring-server: {}\n", error.what()));
        return no_io_uring;
    } catch (const std::exception& error) {
        say(stderr, fmt::format("uring-server: {}\n", error.what()));
        return bad_usage;
    }
}
