// The commands of loadgen, a file each.
#pragma once

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

} // namespace loadgen
