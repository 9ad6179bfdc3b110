// loadgen report: what finished runs came to, for those who were not there.
#include "commands/commands.hpp"
#include "commands/reporting.hpp"
#include "options/duration.hpp"
#include "options/shown_arguments.hpp"
#include "report/files/report_files.hpp"
#include "report/stored_results.hpp"
#include "storage/rows/victim_row.hpp"
#include "storage/stored_runs.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace loadgen {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
    std::vector<std::string> folders;
    std::string victims;
    ReportFiles files;
};

CommandLine command_line(ReportOptions& result) {
    CommandLine line(
        "report [options] DIR...",
        "Makes the reports of run and regress from the folders that they left with --output, or "
        "that merge left; several folders stand side by side on one page. Without an option "
        "each folder gets a report.html. Where a folder has isapi-host's victims.csv, the page "
        "shows which threads took the connections away.",
        {{"Exit codes",
          "those of the runs, the worst of them: 0 measured or as expected, 1 a fixed variant resets, "
          "3 inconclusive, 4 invalid or killed, 130 interrupted. Gates (--fail-on) are not stored. "
          "2 bad usage or input, 4 nowhere to write."},
         {"Examples", "  loadgen report results/20261124T214443Z\n"
                      "  loadgen report --html both.html results/before results/after"}});
    // clang-format off
    line.group("Options").add_options()
        ("html", options::value(&result.files.html)->value_name("FILE"),
            "write one page there: the verdict, figures, tables (report.html in each folder)")
        ("markdown", options::value(&result.files.markdown)->value_name("FILE"), "write verdict and tables there")
        ("junit", options::value(&result.files.junit)->value_name("FILE"),
            "write JUnit XML there: a suite for each regression and run")
        ("victims", options::value(&result.victims)->value_name("FILE"),
            "what isapi-host --victims wrote (victims.csv in the folder)");
    // clang-format on
    return line;
}

std::optional<ReportOptions> parse(Arguments arguments) {
    ReportOptions result;
    CommandLine line = command_line(result);
    if (!line.parse(arguments, result.folders, std::numeric_limits<std::size_t>::max()))
        return std::nullopt;
    if (result.folders.empty())
        throw UsageError("no folder is named whose runs to report (see --help)");
    if (!result.victims.empty() && result.folders.size() > 1)
        throw UsageError("--victims belongs to one folder, and several are named");
    return result;
}

template <class Row>
std::vector<Row> rows_of(const fs::path& path) {
    std::vector<Row> rows;
    if (!fs::exists(path))
        return rows;
    RowReader<Row> file(path);
    while (auto row = file.next())
        rows.push_back(std::move(*row));
    return rows;
}

std::vector<ThreadStart> thread_starts(const fs::path& path) {
    std::vector<ThreadStart> starts;
    if (!fs::exists(path))
        return starts;
    std::map<std::string, std::uint64_t> victims;
    RowReader<VictimRow> file(path, {"thread_start"});
    while (const auto row = file.next())
        ++victims[row->thread_start];
    for (const auto& [place, count] : victims)
        starts.push_back({place, count});
    return starts;
}

// An older loadgen wrote what is hidden today.
std::string shown_line(const std::string& line) {
    const std::vector<std::string> words = shell_words(line);
    if (words.size() < 2)
        return line;
    const CommandHelp command = words[1] == "run" ? run_help() : regress_help();
    std::vector<std::string> shown(words.begin(), words.begin() + 2);
    for (std::string& word : shown_arguments(command, std::span(words).subspan(2)))
        shown.push_back(std::move(word));
    return shell_line(shown);
}

std::vector<InvocationRow> read_invocations(const fs::path& path) {
    auto rows = rows_of<InvocationRow>(path);
    for (InvocationRow& row : rows)
        row.invocation.command_line = shown_line(row.invocation.command_line);
    return rows;
}

// As people call it: results/x, not results/x/.
std::string name_of(const fs::path& folder) {
    const fs::path path = folder.lexically_normal();
    return (path.has_filename() ? path : path.parent_path()).generic_string();
}

// What an option's text was comes from the parts: of those that differ, the sum has only a list to show.
std::optional<std::chrono::nanoseconds> mean_send_delay(const StoredRun& run, const fs::path& folder) {
    const std::string& first = run.parts.front().info.send_delay;
    if (std::any_of(run.parts.begin(), run.parts.end(),
                    [&](const Part& part) { return part.info.send_delay != first; }))
        return std::nullopt;
    try {
        return parse_delay(first).mean();
    } catch (const std::invalid_argument& error) {
        throw std::runtime_error(
            fmt::format("'{}', the run {}: send_delay: {}", folder.string(), run.info.run_id, error.what()));
    }
}

std::vector<StoredResult> read_results(const fs::path& folder, const std::string& victims,
                                       std::vector<std::string>& taken_for_whole) {
    if (!fs::is_directory(folder))
        throw UsageError(fmt::format("'{}' is no folder", folder.string()));
    StoredRuns stored = read_stored_runs(folder, WithEvents::no);
    if (!stored.tells_endings)
        taken_for_whole.push_back(folder.string());
    for (StoredRun& run : stored.runs)
        run.info.mean_send_delay = mean_send_delay(run, folder);
    std::vector<StoredResult> results;
    const auto regressions = rows_of<RegressionRow>(folder / "regression.csv");
    const auto invocations = read_invocations(folder / "invocations.csv");
    for (AnyResult& result : results_of(std::move(stored), regressions, invocations))
        results.push_back({.folder = name_of(folder), .result = std::move(result)});
    // The host's file says of no victim which run it was in.
    const fs::path victims_file = victims.empty() ? folder / "victims.csv" : fs::path(victims);
    if (!victims.empty() && !fs::exists(victims_file))
        throw UsageError(fmt::format("cannot read '{}'", victims));
    if (results.size() == 1 || !victims.empty())
        results.back().thread_starts = thread_starts(victims_file);
    return results;
}

// What the live runs said at their ends.
ExitCode said(const std::vector<StoredResult>& results) {
    ExitCode code = ExitCode::success;
    for (const StoredResult& stored : results) {
        code = worse_of(code, exit_code_of(stored));
        const auto* const run = std::get_if<RunResult>(&stored.result);
        if (const RunEnding& how = ended(stored);
            !how.is_whole() && std::holds_alternative<NoResult>(stored.result))
            spdlog::error(how.sentence()); // names the folder
        else if (!how.is_whole())
            spdlog::error("{}{}{}: {}", stored.folder, run == nullptr ? "" : ": ",
                          run == nullptr ? "" : run->info.label, how.sentence());
    }
    return code;
}

} // namespace

CommandHelp report_help() {
    ReportOptions values;
    return command_line(values).help();
}

ExitCode report_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    std::vector<StoredResult> all;
    std::vector<std::string> taken_for_whole;
    for (const std::string& folder : parsed->folders) {
        std::vector<StoredResult> results = read_results(folder, parsed->victims, taken_for_whole);
        if (!parsed->files.has_any()) {
            const ReportFiles files{
                .junit = {}, .markdown = {}, .html = (fs::path(folder) / "report.html").string()};
            files.write(results);
            fmt::print("{}\n", files.html);
        }
        std::move(results.begin(), results.end(), std::back_inserter(all));
    }
    if (parsed->files.has_any())
        parsed->files.write(all);
    for (const std::string& file : {parsed->files.html, parsed->files.markdown, parsed->files.junit})
        if (!file.empty())
            fmt::print("{}\n", file);
    warn_taken_for_whole(taken_for_whole);
    return said(all);
}

} // namespace loadgen
