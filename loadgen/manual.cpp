#include "manual.hpp"

namespace loadgen {
namespace {

const Section values = {"VALUES",
                        "Durations are written 500ms, 2s or 1m. An option can also stand in a file that is "
                        "given with --config, as `name = value`, one on a line; the command line wins."};

const Section exit_status = {
    "EXIT STATUS",
    "  0    measured, or the expected verdict\n"
    "  1    a gate failed: a fixed variant resets, a rule of --fail-on is broken, the two ends disagree\n"
    "  2    bad usage or input\n"
    "  3    inconclusive: the fault was not shown, or too few attempts for the claim (it says how many)\n"
    "  4    invalid: target unreachable, another variant answers, local faults, nowhere to write\n"
    "  130  interrupted; what was measured is written"};

const Section files = {
    "FILES",
    "In the folder of --output; results/README.md, among the documents of this program, explains every "
    "column. Files are only ever appended to.\n"
    "  runs.csv         a row for each run, or for each block of a regression\n"
    "  outcomes.csv     attempts by cause and phase\n"
    "  events.csv       each attempt that did not end well\n"
    "  intervals.csv    counts and latencies, second by second\n"
    "  histograms.csv   the whole distribution of each latency\n"
    "  invocations.csv  how loadgen was called, and where\n"
    "  comparison.csv   of regress: the variants against each other\n"
    "  regression.csv   of regress: what was claimed, and the verdict\n"
    "  parts.csv        of merge: the runs that were added up\n"
    "  victims.csv      of isapi-host, the server of the same project: the connections that it lost"};

const Section environment = {"ENVIRONMENT",
                             "  GITHUB_STEP_SUMMARY  the Markdown report is appended to this file, too\n"
                             "  GITHUB_ACTIONS       where it is set, the verdict is also an annotation"};

const Section see_also = {"SEE ALSO", "ab(1), curl(1), h2load(1), tcpdump(8), wrk(1)"};

} // namespace

ProgramHelp manual() {
    ProgramHelp program{
        .version = LOADGEN_VERSION,
        .summary = "count the connections that an HTTP server resets",
        .about =
            "Counts the connections that an HTTP server resets, by cause and phase (Microsoft KB 813531).",
        .commands = {},
        .sections = {values, exit_status, files, environment, see_also}};
    for (const Command& command : commands) {
        CommandHelp& help = program.commands.emplace_back(command.help());
        help.name = command.name;
        help.summary = command.summary;
    }
    return program;
}

} // namespace loadgen
