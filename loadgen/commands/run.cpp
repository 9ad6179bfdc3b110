// loadgen run: one load on one URL.
#include "client/request.hpp"
#include "commands/commands.hpp"
#include "commands/reporting.hpp"
#include "experiment/block.hpp"
#include "measure/shown.hpp"
#include "options/format_option.hpp"
#include "options/gate_rules.hpp"
#include "options/load_options.hpp"
#include "options/shown_arguments.hpp"
#include "process/interrupts.hpp"
#include "process/run_id.hpp"
#include "report/formats.hpp"
#include "report/gate_text.hpp"
#include "report/junit.hpp"
#include "storage/run_files.hpp"

#include <boost/algorithm/string/trim.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr double confidence = 0.95;

struct RunOptions : LoadOptions {
    std::string label;
    FormatOption format;
    std::vector<Rule> rules;
    std::vector<Url> urls;

    // As they are written:
    bool with_duration = false;
    std::string url_file;
    std::vector<std::string> rule_texts;
};

// A URL a line; blank lines and those that begin with # are left out.
std::vector<Url> read_urls(const std::string& path) {
    std::ifstream file(path);
    std::vector<Url> urls;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        boost::algorithm::trim(line);
        if (line.empty() || line.front() == '#')
            continue;
        try {
            urls.push_back(parse_url(line));
        } catch (const std::invalid_argument& error) {
            throw UsageError(fmt::format("--url-file '{}', line {}: {}", path, number, error.what()));
        }
    }
    if (!file.eof())
        throw UsageError(fmt::format("cannot read the URL file '{}'", path));
    if (urls.empty())
        throw UsageError(fmt::format("the URL file '{}' has no URL in it", path));
    return urls;
}

void add_rule(Rule rule, std::vector<Rule>& rules) {
    if (std::find(rules.begin(), rules.end(), rule) == rules.end())
        rules.push_back(std::move(rule));
}

void add_rules(const std::vector<std::string>& texts, std::vector<Rule>& rules) {
    for (const std::string& text : texts) {
        try {
            for (Rule& rule : parse_rules(text))
                add_rule(std::move(rule), rules);
        } catch (const std::invalid_argument& error) {
            throw UsageError(fmt::format("--fail-on {}", error.what()));
        }
    }
}

bool passes(const std::vector<Rule>& rules, const Recording& recording) {
    bool all_hold = true;
    for (const Rule& rule : rules)
        if (const auto broken_rule = broken(rule, recording)) {
            spdlog::error(text(*broken_rule));
            all_hold = false;
        }
    return all_hold;
}

// clang-format off
void add_options(RunOptions& result, CommandLine& line) {
    line.group("Load").add_options()
        ("duration,d", duration_value("duration", 1ms,
            [&](auto d) { result.plan.duration = d; result.with_duration = true; }), "start attempts for so long (10s)")
        ("requests,n", count_value("requests", 1, std::numeric_limits<std::uint64_t>::max(),
            [&](auto n) { result.plan.requests = n; }), "make so many attempts instead");
    result.add_load(line.group("Load"));
    result.add_request(line.group("Request"));
    line.group("Request").add_options()
        ("url-file", options::value(&result.url_file)->value_name("FILE"),
            "instead of URL: attempts take these in turn, a URL a line, all of one server; # begins a comment");
    result.add_connection(line.group("Connection"));
    result.add_measurement(line.group("Measurement"));
    line.group("Output").add_options()
        ("label", options::value(&result.label)->value_name("NAME"),
            "name of the run in the files (the URL's path, or the URL file's name)");
    result.add_output(line.group("Output"));
    result.format.add_to(line.group("Output"));
    line.group("Verdict").add_options()
        ("fail-on", options::value(&result.rule_texts)->composing()->value_name("RULE[,RULE...]"),
            "gates: a run that any of these is true of ends with exit code 1: lost>0, p99>50ms, resets>0.1% (rules: see "
            "below); repeatable")
        ("max-resets", count_value("max-resets", 0, std::numeric_limits<std::uint64_t>::max(),
            [&](auto n) { add_rule({.name = "resets", .relation = Relation::above, .limit = n}, result.rules); }),
            "the same as --fail-on 'resets>N'");
}
// clang-format on

// What the options mean together.
void complete(RunOptions& result, const std::vector<std::string>& urls) {
    result.complete();
    add_rules(result.rule_texts, result.rules);
    result.format.chosen(); // refuses what is none, before any load
    if (urls.empty() && result.url_file.empty())
        throw UsageError("a URL is missing (see --help)");
    if (!urls.empty() && !result.url_file.empty())
        throw UsageError("a URL and --url-file exclude each other");
    if (result.with_duration && result.plan.requests)
        throw UsageError("--duration and --requests exclude each other");
    result.urls = result.url_file.empty() ? std::vector{parse_url(urls.front())} : read_urls(result.url_file);
    const Url& first = result.urls.front();
    result.choose_engine(first);
    if (result.label.empty())
        result.label = result.url_file.empty() ? shown_target(first.target.substr(0, first.target.find('?')))
                                               : std::filesystem::path(result.url_file).filename().string();
    else if (result.label.find("://") != std::string::npos)
        result.label = shown_url(result.label);
}

CommandLine command_line(RunOptions& result) {
    CommandLine line(
        "run [options] URL\nrun [options] --url-file FILE",
        "Loads a URL and counts how each attempt ended: every reset once, by cause and phase. The result "
        "goes to stdout, progress and warnings to stderr.",
        {{"Rules of --fail-on", rules_help()},
         {"Exit codes", "0 measured, 1 a gate failed (--fail-on), 2 bad usage, 4 the measurement is invalid, "
                        "130 interrupted (what was measured is written)."},
         {"Examples",
          "  loadgen run -c 128 -d 30s --send-delay 100ms http://vm/repro/thread-per-request.dll\n"
          "  loadgen run -k -n 100000 --fail-on 'lost>0,p99>50ms,http_5xx>0.1%' \\\n"
          "      --output results/nightly http://vm/repro/keep-alive.dll"}});
    add_options(result, line);
    return line;
}

std::optional<RunOptions> parse(Arguments arguments) {
    RunOptions result;
    result.plan.duration = 10s;
    CommandLine line = command_line(result);
    std::vector<std::string> urls;
    if (!line.parse(arguments, urls, 1))
        return std::nullopt;
    complete(result, urls);
    result.invocation = this_invocation("run", shown_arguments(line.help(), arguments));
    return result;
}

ExitCode run(const RunOptions& options) {
    const LoadPlan& plan = options.plan;
    const Target target = make_target(options.urls, plan);
    ensure_descriptors(plan);
    const BlockInfo info = block_info(new_run_id(), options.label, {}, plan, target);
    std::optional<RunFiles> files;
    if (!options.output.empty()) {
        files.emplace(options.output);
        write_invocation(options.output, {info.run_id, options.invocation});
    }

    warn_of_uncounted_resets();
    if (const auto warning = stalled_upload(plan))
        spdlog::warn(*warning);
    catch_interrupts();
    ProgressLine progress(options.quiet);
    progress.begin_block(options.label);
    const Recording recording = run_block(plan, target, progress, [&](std::span<const Event> events) {
        if (files)
            files->write_events(info, events);
    });
    if (files)
        files->write(info, recording, confidence);
    if (!options.histogram.empty())
        write_histograms(options.histogram, info, recording);
    const RunResult result{info, recording, confidence, options.invocation};
    fmt::print("{}", options.format.chosen().run(result));
    options.reports.write(result, options.rules);
    refuse_invalid(recording.ended);
    for (const auto& warning :
         {local_faults(recording), syn_retries(recording), missing_closes(recording, plan.keep_alive)})
        if (warning)
            spdlog::warn(*warning);
    if (!recording.ended.is_whole())
        return exit_code_of(recording.ended);
    return passes(options.rules, recording) ? ExitCode::success : ExitCode::gate_failed;
}

} // namespace

CommandHelp run_help() {
    RunOptions values;
    return command_line(values).help();
}

ExitCode run_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    return reporting_invalid(parsed->reports, "loadgen run",
                             subject_of(parsed->label, parsed->urls.front().text),
                             [&] { return run(*parsed); });
}

} // namespace loadgen
