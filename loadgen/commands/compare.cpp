// loadgen compare: the resets of finished runs against each other.
#include "commands/commands.hpp"
#include "commands/reporting.hpp"
#include "report/comparison_text.hpp"
#include "report/files/report_files.hpp"
#include "report/verdict_text.hpp"
#include "storage/killed_runs.hpp"
#include "storage/rows/run_row.hpp"
#include "verdict/regression.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>

namespace loadgen {
namespace {

struct CompareOptions {
    std::vector<std::string> inputs;
    std::string baseline;
    double confidence = 0.999;
    ReportFiles reports;
};

CommandLine command_line(CompareOptions& result) {
    CommandLine line(
        "compare [options] RUNS_CSV_OR_DIR...",
        "Compares how often runs were reset: each label with the baseline, by the exact "
        "conditional test. Runs of the same label are added. Where all runs have the same "
        "label, each file or folder stands for itself.",
        {{"Exit codes", "0 compared, 2 bad usage or input, 4 a run was invalid or killed (it is not "
                        "compared), 130 one was interrupted."},
         {"Examples", "  loadgen compare results/before results/after"}});
    // clang-format off
    line.group("Options").add_options()
        ("baseline", options::value(&result.baseline)->value_name("LABEL"), "compare the others with this one (the first)")
        ("confidence", fraction_value("confidence", 0.5, 1, [&](double p) { result.confidence = p; }),
            "of each statement (0.999)")
        ("html", options::value(&result.reports.html)->value_name("FILE"), "write a page with the figure there")
        ("markdown", options::value(&result.reports.markdown)->value_name("FILE"), "write the table there")
        ("junit", options::value(&result.reports.junit)->value_name("FILE"),
            "write JUnit XML there: a case for each label but the baseline, failed if it resets more often");
    // clang-format on
    return line;
}

std::optional<CompareOptions> parse(Arguments arguments) {
    CompareOptions result;
    CommandLine line = command_line(result);
    if (!line.parse(arguments, result.inputs, std::numeric_limits<std::size_t>::max()))
        return std::nullopt;
    if (result.inputs.empty())
        throw UsageError("no runs.csv, and no folder with one, is named (see --help)");
    return result;
}

struct Run {
    std::string label;
    std::string input;
    Count resets;
    RunEnding ended;
};

struct Runs {
    std::vector<Run> runs;
    std::vector<std::string> taken_for_whole; // inputs
    std::vector<KilledRun> killed;
};

void read_runs(const std::string& input, Runs& runs) {
    const std::filesystem::path path(input);
    const bool is_folder = std::filesystem::is_directory(path);
    RowReader<RunRow> file(is_folder ? path / "runs.csv" : path,
                           {"label", "attempts", "resets", "run_id", "ended"}, {"run_id", "ended"});
    if (!file.has("ended"))
        runs.taken_for_whole.push_back(input);
    std::set<std::string, std::less<>> ids;
    while (auto row = file.next()) {
        const Count resets{row->resets, row->counters.attempts};
        if (resets.events > resets.trials)
            throw std::runtime_error(fmt::format("{}: more resets than attempts", file.place()));
        ids.insert(row->info.run_id);
        runs.runs.push_back({std::move(row->info.label), input, resets, row->ended});
    }
    if (!is_folder && path.filename() != "runs.csv") // what stands beside it is not known to be its
        return;
    for (KilledRun& one : killed_runs(is_folder ? path : path.parent_path(), ids))
        runs.killed.push_back(std::move(one));
}

Runs read_runs(const std::vector<std::string>& inputs) {
    Runs runs;
    for (const std::string& input : inputs)
        read_runs(input, runs);
    return runs;
}

/// Runs that count as one, in the order in which they were met.
std::vector<ComparedSeries> series_of(const std::vector<Run>& runs) {
    std::set<std::string_view> labels;
    for (const Run& run : runs)
        labels.insert(run.label);
    std::vector<ComparedSeries> series;
    for (const Run& run : runs) {
        const std::string& name = labels.size() > 1 ? run.label : run.input;
        auto found = std::find_if(series.begin(), series.end(),
                                  [&](const ComparedSeries& other) { return other.counts.label == name; });
        if (found == series.end())
            found = series.insert(series.end(), {.counts = {.label = name}, .ended = {}});
        found->counts.blocks.push_back(run.resets);
        found->ended = worse_of(found->ended, run.ended);
    }
    return series;
}

// The one that resets more often comes first. Which that is nobody said beforehand.
PairFinding pair_of(const VariantCounts& one, const VariantCounts& other, double confidence) {
    const bool swapped = sum_of(other.blocks).rate() > sum_of(one.blocks).rate();
    const VariantCounts& more = swapped ? other : one;
    const VariantCounts& fewer = swapped ? one : other;
    PairFinding pair{.baseline = more.label,
                     .candidate = fewer.label,
                     .comparison = compare_two_sided(sum_of(more.blocks), sum_of(fewer.blocks), confidence)};
    pair.evident = pair.comparison.p_value <= 1 - confidence;
    return pair;
}

} // namespace

CommandHelp compare_help() {
    CompareOptions values;
    return command_line(values).help();
}

ExitCode compare_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    const Runs runs = read_runs(parsed->inputs);
    RunEnding ended;
    for (const KilledRun& one : runs.killed) {
        ended = worse_of(ended, RunEnding::invalid(one.sentence));
        spdlog::error(one.sentence);
    }
    std::vector<ComparedSeries> series = series_of(runs.runs);
    if (series.size() < 2 && !runs.killed.empty()) {
        parsed->reports.write("loadgen compare", {fmt::format("{}", fmt::join(parsed->inputs, ", ")), ended});
        return exit_code_of(ended);
    }
    if (series.size() < 2)
        throw UsageError("there is only one label, or none, to compare: name more files or folders");
    auto baseline = series.begin();
    if (!parsed->baseline.empty())
        baseline = std::find_if(series.begin(), series.end(), [&](const ComparedSeries& one) {
            return one.counts.label == parsed->baseline;
        });
    if (baseline == series.end())
        throw UsageError(fmt::format("--baseline '{}' is none of the labels", parsed->baseline));

    const std::string baseline_label = baseline->counts.label;
    for (const KilledRun& one : runs.killed)
        series.push_back(
            {.counts = {.label = one.id.empty() ? "a killed run" : fmt::format("{} (killed)", one.id)},
             .ended = RunEnding::invalid(one.sentence)});
    baseline = std::find_if(series.begin(), series.end(),
                            [&](const ComparedSeries& one) { return one.counts.label == baseline_label; });
    ComparisonResult result{.confidence = parsed->confidence,
                            .inputs = fmt::format("{}", fmt::join(parsed->inputs, ", ")),
                            .baseline = baseline->counts.label,
                            .series = series,
                            .pairs = {}};
    for (const ComparedSeries& one : series)
        if (&one != &*baseline && !one.ended.is_invalid() && !baseline->ended.is_invalid())
            result.pairs.push_back(pair_of(baseline->counts, one.counts, parsed->confidence));
    warn_taken_for_whole(runs.taken_for_whole);
    fmt::print("{}", comparison_text(result));
    parsed->reports.write(result);
    for (const ComparedSeries& one : series) {
        if (const auto warning = spread_warning(one.counts.label, dispersion(one.counts.blocks)))
            spdlog::warn(*warning);
        if (!one.ended.is_whole() && !one.counts.blocks.empty()) // a killed one has been named
            spdlog::error("{}: {}", one.counts.label, one.ended.sentence());
    }
    return exit_code_of(worse_of(ended, result.ended()));
}

} // namespace loadgen
