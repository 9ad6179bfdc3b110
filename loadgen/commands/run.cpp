// loadgen run: one load on one URL.
#include "commands/block.hpp"
#include "commands/commands.hpp"
#include "commands/load_options.hpp"
#include "commands/run_id.hpp"
#include "report/json.hpp"
#include "report/run_files.hpp"
#include "report/text.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <limits>
#include <optional>

namespace loadgen {
namespace {

constexpr double confidence = 0.95;

struct RunOptions : LoadOptions {
    std::string label;
    bool json = false;
    std::optional<std::uint64_t> max_resets;
    Url url;
};

std::optional<RunOptions> parse(Arguments arguments) {
    CommandLine line(
        "run [options] URL",
        "Loads a URL and counts how each attempt ended: every reset once, by cause and phase. The result "
        "goes to stdout,\nprogress and warnings to stderr.",
        "Exit codes: 0 measured, 1 more resets than --max-resets, 2 bad usage, 4 the measurement is "
        "invalid,\n"
        "130 interrupted (what was measured is written).\n\n"
        "Examples:\n"
        "  loadgen run -c 128 -d 30s --send-delay 100ms http://127.0.0.1:8080/repro/thread-per-request.dll\n"
        "  loadgen run -k -n 100000 --max-resets 0 --output results/nightly "
        "http://vm/repro/keep-alive.dll\n");
    RunOptions result;
    bool with_duration = false;
    // clang-format off
    line.visible().add_options()
        ("duration,d", duration_value("duration", std::chrono::milliseconds{1},
            [&](auto d) { result.plan.duration = d; with_duration = true; }), "start attempts for so long (10s)")
        ("requests,n", count_value("requests", 1, std::numeric_limits<std::uint64_t>::max(),
            [&](auto n) { result.plan.requests = n; }), "make so many attempts instead");
    result.add_to(line.visible());
    line.visible().add_options()
        ("json", options::bool_switch(&result.json), "print the result as one JSON object")
        ("label", options::value(&result.label)->value_name("NAME"), "name of the run in the files (the URL's path)")
        ("max-resets", count_value("max-resets", 0, std::numeric_limits<std::uint64_t>::max(),
            [&](auto n) { result.max_resets = n; }), "gate: more resets than N is exit code 1");
    // clang-format on
    std::vector<std::string> urls;
    if (!line.parse(arguments, urls, 1))
        return std::nullopt;
    result.complete();
    if (urls.empty())
        throw UsageError("a URL is missing (see --help)");
    if (with_duration && result.plan.requests)
        throw UsageError("--duration and --requests exclude each other");
    result.url = parse_url(urls.front());
    result.choose_engine(result.url);
    if (result.label.empty())
        result.label = result.url.target.substr(0, result.url.target.find('?'));
    return result;
}

} // namespace

ExitCode run_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    const LoadPlan& plan = parsed->plan;
    const Target target = make_target(parsed->url, plan);
    std::optional<RunFiles> files;
    if (!parsed->output.empty())
        files.emplace(parsed->output);

    catch_interrupts();
    ProgressLine progress(parsed->quiet);
    progress.begin_block(parsed->label, 0, 1);
    const BlockInfo info = block_info(new_run_id(), parsed->label, {}, plan, target);
    const Recording recording = run_block(plan, target, progress, [&](std::span<const Event> events) {
        if (files)
            files->write_events(info, events);
    });
    if (files)
        files->write(info, recording, confidence);
    if (!parsed->histogram.empty())
        write_histograms(parsed->histogram, info, recording);
    fmt::print("{}", parsed->json ? run_json(info, recording, confidence)
                                  : run_summary(info, recording, confidence));

    if (interrupted())
        return ExitCode::interrupted;
    if (const auto reason = why_invalid(recording, target))
        throw InvalidError(*reason);
    if (const auto warning = local_faults(recording))
        spdlog::warn(*warning);
    const std::uint64_t resets = recording.counters.resets();
    if (parsed->max_resets && resets > *parsed->max_resets) {
        spdlog::error("{} resets, more than --max-resets {}", resets, *parsed->max_resets);
        return ExitCode::gate_failed;
    }
    return ExitCode::success;
}

} // namespace loadgen
