// loadgen compare: the resets of finished runs against each other.
#include "commands/commands.hpp"
#include "report/comparison_text.hpp"
#include "report/files/report_files.hpp"
#include "report/verdict_text.hpp"
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
    CommandLine line("compare [options] RUNS_CSV_OR_DIR...",
                     "Compares how often runs were reset: each label with the baseline, by the exact "
                     "conditional test. Runs of the same label are added. Where all runs have the same "
                     "label, each file or folder stands for itself.",
                     {{"Exit codes", "0 compared, 2 bad usage or input."},
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
};

std::vector<Run> read_runs(const std::vector<std::string>& inputs) {
    std::vector<Run> runs;
    for (const std::string& input : inputs) {
        const std::filesystem::path path(input);
        RowReader<RunRow> file(std::filesystem::is_directory(path) ? path / "runs.csv" : path,
                               {"label", "attempts", "resets"});
        while (auto row = file.next()) {
            const Count resets{row->resets, row->counters.attempts};
            if (resets.events > resets.trials)
                throw std::runtime_error(fmt::format("{}: more resets than attempts", file.place()));
            runs.push_back({std::move(row->info.label), input, resets});
        }
    }
    return runs;
}

/// Runs that count as one, in the order in which they were met.
std::vector<VariantCounts> series_of(const std::vector<Run>& runs) {
    std::set<std::string_view> labels;
    for (const Run& run : runs)
        labels.insert(run.label);
    std::vector<VariantCounts> series;
    for (const Run& run : runs) {
        const std::string& name = labels.size() > 1 ? run.label : run.input;
        auto found = std::find_if(series.begin(), series.end(),
                                  [&](const VariantCounts& other) { return other.label == name; });
        if (found == series.end())
            found = series.insert(series.end(), {.label = name});
        found->blocks.push_back(run.resets);
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
    const std::vector<VariantCounts> series = series_of(read_runs(parsed->inputs));
    if (series.size() < 2)
        throw UsageError("there is only one label, or none, to compare: name more files or folders");
    auto baseline = series.begin();
    if (!parsed->baseline.empty())
        baseline = std::find_if(series.begin(), series.end(),
                                [&](const VariantCounts& one) { return one.label == parsed->baseline; });
    if (baseline == series.end())
        throw UsageError(fmt::format("--baseline '{}' is none of the labels", parsed->baseline));

    ComparisonResult result{
        .confidence = parsed->confidence, .baseline = baseline->label, .series = series, .pairs = {}};
    for (const VariantCounts& one : series)
        if (&one != &*baseline)
            result.pairs.push_back(pair_of(*baseline, one, parsed->confidence));
    fmt::print("{}", comparison_text(result));
    parsed->reports.write(result);
    for (const VariantCounts& one : series)
        if (const auto warning = spread_warning(one.label, dispersion(one.blocks)))
            spdlog::warn(*warning);
    return ExitCode::success;
}

} // namespace loadgen
