// What the commands have in common at their end: exit codes, and the reports of what came to nothing.
#pragma once

#include "client/target.hpp"
#include "process/exit_code.hpp"
#include "report/files/report_files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

/// The same, and the reports say so already.
struct ReportedInvalid : InvalidError {
    using InvalidError::InvalidError;
};

/// Runs the command. If it comes to nothing, for the server's sake or the machine's, the reports say so too.
/// `name`: "loadgen run"; `subject`: what it loads.
template <class Command>
ExitCode reporting_invalid(const ReportFiles& reports, std::string_view name, const std::string& subject,
                           Command command) {
    try {
        return command();
    } catch (const ReportedInvalid&) {
        throw;
    } catch (const InvalidError& error) {
        reports.write(name, {subject, RunEnding::invalid(error.what())});
        throw;
    } catch (const UnresolvedHost& error) {
        reports.write(name, {subject, RunEnding::invalid(error.what())});
        throw;
    }
}

/// Of what was reported already. Throws ReportedInvalid if it is invalid.
inline void refuse_invalid(const RunEnding& ended) {
    if (ended.is_invalid())
        throw ReportedInvalid(ended.sentence());
}

/// Success, interrupted or invalid.
ExitCode exit_code_of(const RunEnding& ended);
/// Of what did not come to its end the same; else the verdict's. Merged ones, which have none, succeed.
ExitCode exit_code_of(const RegressionResult& result);
ExitCode exit_code_of(const StoredResult& stored);

/// The one that is worse to end with: invalid, interrupted, a gate failed, inconclusive, success.
ExitCode worse_of(ExitCode first, ExitCode second);

/// Of folders that were written before runs.csv said how a run ended. Nothing if there are none.
void warn_taken_for_whole(const std::vector<std::string>& inputs);

} // namespace loadgen
