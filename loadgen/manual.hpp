// All that loadgen says of itself: what --help, the manual page and the completion are made from.
#pragma once

#include "commands/commands.hpp"
#include "help/help.hpp"

#include <array>
#include <string_view>

namespace loadgen {

struct Command {
    std::string_view name;
    std::string_view summary;
    ExitCode (*run)(Arguments);
    CommandHelp (*help)();
};

/// In the order in which they are explained.
constexpr std::array<Command, 7> commands = {{
    {"run", "load one URL and count how every attempt ended", run_command, run_help},
    {"regress", "load faulty and fixed variants in turn, to a verdict", regress_command, regress_help},
    {"compare", "hold the resets of finished runs against each other", compare_command, compare_help},
    {"report", "make the reports of finished runs: HTML, Markdown, JUnit", report_command, report_help},
    {"reconcile", "match the clients' resets with the host's victims", reconcile_command, reconcile_help},
    {"predict", "how often the fault would reset, by a model", predict_command, predict_help},
    {"merge", "add up the runs of several machines, exactly", merge_command, merge_help},
}};

ProgramHelp manual();

} // namespace loadgen
