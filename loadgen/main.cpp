// loadgen: the command line, and what every command's errors have in common.
#include "client/engine/engine.hpp"
#include "client/engine/tls.hpp"
#include "client/target.hpp"
#include "help/bash_completion.hpp"
#include "help/man_page.hpp"
#include "help/text.hpp"
#include "manual.hpp"
#include "measure/shown.hpp"
#include "process/output_error.hpp"
#include "process/standard_streams.hpp"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <system_error>
#include <vector>

namespace {

using namespace loadgen;

struct Form {
    std::string_view option;
    std::string (*print)(const ProgramHelp&);
};

constexpr std::array<Form, 5> forms_of_help = {{
    {"--help", help_text},
    {"-h", help_text},
    {"help", help_text},
    {"--help=man", man_page},
    {"--help=bash", bash_completion},
}};

// A line of which scripts read the engines.
void print_version() {
    std::string engines;
    for (const Engine engine : permitted_engines())
        engines += fmt::format(" {}", name(engine));
    fmt::print("loadgen {}\nengines:{}\nhttps: {}\n", LOADGEN_VERSION, engines, has_tls() ? "yes" : "no");
}

int fail(Arguments arguments, ExitCode code, std::string_view sentence) {
    const bool known = std::any_of(commands.begin(), commands.end(), [&](const Command& command) {
        return !arguments.empty() && command.name == arguments.front();
    });
    std::fflush(stdout);
    // Unlike fmt::print, no exception where stderr takes nothing either.
    std::fputs(
        fmt::format("loadgen{}{}: {}\n", known ? " " : "", known ? arguments.front() : "", sentence).c_str(),
        stderr);
    return static_cast<int>(code);
}

// A closed pipe and a file as large as it may be (ulimit -f) come as signals first.
void report_errors_instead_of_dying() {
#ifndef _WIN32
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
#endif
}

ExitCode dispatch(Arguments arguments) {
    if (arguments.empty()) {
        fmt::print("{}", help_text(manual()));
        return ExitCode::usage;
    }
    const std::string& first = arguments.front();
    for (const Form& form : forms_of_help)
        if (form.option == first) {
            fmt::print("{}", form.print(manual()));
            return ExitCode::success;
        }
    if (first == "--version") {
        print_version();
        return ExitCode::success;
    }
    for (const Command& command : commands)
        if (command.name == first)
            return command.run(arguments.subspan(1));
    throw UsageError(fmt::format("unknown command '{}' (see loadgen --help)", shown_url(first)));
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    try {
        check_standard_streams();
        spdlog::set_default_logger(spdlog::stderr_color_st("loadgen"));
        spdlog::set_formatter(std::make_unique<spdlog::pattern_formatter>(
            "loadgen: %^%l%$: %v", spdlog::pattern_time_type::local, "\n"));
        report_errors_instead_of_dying();
        const ExitCode code = dispatch(arguments);
        flush_stdout();
        return static_cast<int>(code);
    } catch (const UsageError& error) {
        return fail(arguments, ExitCode::usage, error.what());
    } catch (const InvalidError& error) {
        return fail(arguments, ExitCode::invalid, error.what());
    } catch (const UnresolvedHost& error) {
        return fail(arguments, ExitCode::invalid, error.what());
    } catch (const OutputError& error) {
        return fail(arguments, ExitCode::invalid, error.what());
    } catch (const std::system_error& error) { // the machine's, or stdout's
        return fail(arguments, ExitCode::invalid, error.what());
    } catch (const std::bad_alloc&) {
        return fail(arguments, ExitCode::invalid, "out of memory");
    } catch (const std::exception& error) {
        return fail(arguments, ExitCode::usage, error.what());
    }
}
