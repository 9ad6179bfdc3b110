// loadgen: the command line, and what every command's errors have in common.
#include "client/target.hpp"
#include "commands/commands.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <exception>

namespace {

using namespace loadgen;

struct Command {
    std::string_view name;
    std::string_view summary;
    ExitCode (*run)(Arguments);
};

constexpr std::array<Command, 3> commands = {{
    {"run", "load one URL and count how every attempt ended", run_command},
    {"regress", "load faulty and fixed variants in turn, to a verdict", regress_command},
    {"reconcile", "match the clients' resets with the host's victims", reconcile_command},
}};

void print_help() {
    fmt::print(
        "usage: loadgen COMMAND [options]\n\n"
        "Counts the connections that an HTTP server resets, by cause and phase (Microsoft KB 813531).\n\n");
    for (const Command& command : commands)
        fmt::print("  {:<10} {}\n", command.name, command.summary);
    fmt::print("\n`loadgen COMMAND --help` explains each; `loadgen --version` names this build.\n");
}

int fail(std::string_view command, ExitCode code, std::string_view sentence) {
    std::fflush(stdout);
    fmt::print(stderr, "loadgen{}{}: {}\n", command.empty() ? "" : " ", command, sentence);
    return static_cast<int>(code);
}

int run(const Command& command, Arguments arguments) {
    try {
        return static_cast<int>(command.run(arguments));
    } catch (const InvalidError& error) {
        return fail(command.name, ExitCode::invalid, error.what());
    } catch (const UnresolvedHost& error) {
        return fail(command.name, ExitCode::invalid, error.what());
    } catch (const std::exception& error) {
        return fail(command.name, ExitCode::usage, error.what());
    }
}

} // namespace

int main(int argc, char** argv) {
    spdlog::set_default_logger(spdlog::stderr_color_st("loadgen"));
    spdlog::set_pattern("loadgen: %^%l%$: %v");
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_IGN); // a closed stdout is an error to report, not a death
#endif

    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    if (arguments.empty()) {
        print_help();
        return static_cast<int>(ExitCode::usage);
    }
    const std::string& first = arguments.front();
    if (first == "--help" || first == "-h" || first == "help") {
        print_help();
        return 0;
    }
    if (first == "--version") {
        fmt::print("loadgen {}\n", LOADGEN_VERSION);
        return 0;
    }
    for (const Command& command : commands)
        if (command.name == first)
            return run(command, Arguments(arguments).subspan(1));
    return fail("", ExitCode::usage, fmt::format("unknown command '{}' (see loadgen --help)", first));
}
