// The commands of loadgen, a file each.
#pragma once

#include "help/help.hpp"
#include "options/command_line.hpp"
#include "process/exit_code.hpp"

namespace loadgen {

ExitCode run_command(Arguments arguments);
ExitCode regress_command(Arguments arguments);
ExitCode compare_command(Arguments arguments);
ExitCode reconcile_command(Arguments arguments);
ExitCode merge_command(Arguments arguments);
ExitCode report_command(Arguments arguments);
ExitCode predict_command(Arguments arguments);

// What the help of each says, but for name and summary in a list of commands.
CommandHelp run_help();
CommandHelp regress_help();
CommandHelp compare_help();
CommandHelp reconcile_help();
CommandHelp merge_help();
CommandHelp report_help();
CommandHelp predict_help();

} // namespace loadgen
