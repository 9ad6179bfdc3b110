// What the commands that load have in common at their end.
#pragma once

#include "client/target.hpp"
#include "process/exit_code.hpp"
#include "report/files/report_files.hpp"

namespace loadgen {

/// Runs the command. If it comes to nothing, for the server's sake or the machine's, the reports say so too.
template <class Command>
ExitCode reporting_invalid(const ReportFiles& reports, Command command) {
    try {
        return command();
    } catch (const InvalidError& error) {
        reports.write_none("invalid", error.what());
        throw;
    } catch (const UnresolvedHost& error) {
        reports.write_none("invalid", error.what());
        throw;
    }
}

} // namespace loadgen
