// loadgen merge: the runs of several machines as one.
#include "commands/commands.hpp"
#include "commands/reporting.hpp"
#include "experiment/block.hpp"
#include "process/run_id.hpp"
#include "report/numbers.hpp"
#include "report/text.hpp"
#include "storage/merged_runs.hpp"
#include "storage/stored_runs.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <optional>

namespace loadgen {
namespace {

struct MergeOptions {
    std::string output;
    std::vector<std::string> folders;
    std::optional<double> confidence;
};

CommandLine command_line(MergeOptions& result) {
    CommandLine line(
        "merge --output DIR DIR...",
        "Adds up what several machines wrote with --output, as if one had made all of the load. Runs of the "
        "same label are added, blocks of a regression those of the same number: counts, histograms and "
        "intervals exactly, so that percentiles are those of all attempts together; reset rates and their "
        "intervals are worked out anew. Merged folders can be merged further. Seconds in intervals.csv count "
        "from the earliest start, by the machines' clocks.",
        {{"Exit codes", "0 merged, 2 bad usage or input (a file is missing, torn or doesn't agree with the "
                        "others), 4 nowhere to write, a sum that does not add up, or a folder that has "
                        "nothing but a killed run."},
         {"Examples", "  loadgen merge --output results/all results/machine-1 results/machine-2"}});
    // clang-format off
    line.group("Options").add_options()
        ("output", options::value(&result.output)->value_name("DIR"), "folder for the sum, without runs as yet; made if need be")
        ("confidence", fraction_value("confidence", 0.5, 1, [&](double p) { result.confidence = p; }),
            "of the intervals on reset rates (what the runs have)");
    // clang-format on
    return line;
}

std::optional<MergeOptions> parse(Arguments arguments) {
    MergeOptions result;
    CommandLine line = command_line(result);
    if (!line.parse(arguments, result.folders, std::numeric_limits<std::size_t>::max()))
        return std::nullopt;
    if (result.output.empty())
        throw UsageError("--output is missing: the folder for the sum (see --help)");
    if (result.folders.empty())
        throw UsageError("no folder is named whose runs to merge (see --help)");
    return result;
}

std::vector<StoredRun> read_all(const std::vector<std::string>& folders) {
    std::vector<StoredRun> runs;
    std::vector<std::string> taken_for_whole;
    for (const std::string& folder : folders) {
        if (!std::filesystem::is_directory(folder))
            throw UsageError(fmt::format("'{}' is no folder", folder));
        StoredRuns stored = read_stored_runs(folder);
        if (stored.runs.empty())
            throw InvalidError(stored.killed.front().sentence);
        for (const KilledRun& one : stored.killed)
            spdlog::warn(one.sentence);
        if (!stored.tells_endings)
            taken_for_whole.push_back(folder);
        std::move(stored.runs.begin(), stored.runs.end(), std::back_inserter(runs));
    }
    warn_taken_for_whole(taken_for_whole);
    return runs;
}

// The sum has no exit code for it: whoever adds it up knows how the machines' loads ended.
void warn_of_endings(const std::vector<StoredRun>& runs) {
    for (const StoredRun& run : runs)
        for (const Part& part : run.parts)
            if (!part.ended.is_whole())
                spdlog::warn("the run {} of '{}', from '{}', is not whole, and so the sum is not: {}",
                             part.info.run_id, run.info.label, part.source, part.ended.sentence());
}

bool same_series(const StoredRun& a, const StoredRun& b) {
    return a.info.label == b.info.label && a.info.expectation == b.info.expectation &&
           a.info.keep_alive == b.info.keep_alive;
}

// One summary for each label: the blocks of a regression together.
void print_summaries(const std::vector<StoredRun>& runs) {
    std::vector<bool> printed(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (printed[i])
            continue;
        std::size_t parts = 0;
        Recording sum;
        for (std::size_t j = i; j < runs.size(); ++j)
            if (same_series(runs[i], runs[j])) {
                printed[j] = true;
                parts += runs[j].parts.size();
                sum.add_later(runs[j].recording);
            }
        fmt::print("{}{}: {} added\n{}", i == 0 ? "" : "\n", runs[i].info.label, plural(parts, "run"),
                   run_summary({runs[i].info, std::move(sum), runs[i].confidence}));
    }
}

} // namespace

CommandHelp merge_help() {
    MergeOptions values;
    return command_line(values).help();
}

ExitCode merge_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    if (std::filesystem::exists(std::filesystem::path(parsed->output) / "runs.csv"))
        throw UsageError(fmt::format("'{}' has runs already, which the sum would join: choose another folder",
                                     parsed->output));
    std::vector<StoredRun> runs = merged(read_all(parsed->folders), new_run_id);
    for (StoredRun& run : runs)
        run.confidence = parsed->confidence.value_or(run.confidence);
    const auto apart = std::count_if(runs.begin(), runs.end(), apart_in_time);
    if (apart > 0)
        spdlog::warn("some runs did not overlap in time, in {} of {}: their figures per second count the "
                     "pauses between them",
                     apart, plural(runs.size(), "sum"));
    warn_of_endings(runs);
    for (const StoredRun& run : runs)
        ensure_adds_up(run.recording);
    write_merged(parsed->output, runs);
    print_summaries(runs);
    return ExitCode::success;
}

} // namespace loadgen
