// loadgen regress: variants that should reset against variants that should not, in interleaved rounds, to a
// verdict.
#include "client/request.hpp"
#include "commands/commands.hpp"
#include "commands/reporting.hpp"
#include "experiment/block.hpp"
#include "experiment/regression.hpp"
#include "measure/shown.hpp"
#include "options/format_option.hpp"
#include "options/load_options.hpp"
#include "options/shown_arguments.hpp"
#include "process/interrupts.hpp"
#include "report/verdict_text.hpp"
#include "storage/rows/regression_row.hpp"
#include "storage/run_files.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <limits>
#include <optional>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

struct RegressOptions : LoadOptions {
    std::vector<Variant> variants;
    Course course{.max_attempts = 40'000};
    std::chrono::nanoseconds settle =
        1s; // after a faulty block: its last threads would reset the next block's connections
    Claim claim;
    std::string base_url;
    std::string label;
    FormatOption format;

    // As they are written:
    std::vector<std::string> faulty;
    std::vector<std::string> fixed;
    std::string count = "resets";
    bool with_block = false;
    bool with_max_attempts = false;
};

// clang-format off
void add_course(RegressOptions& result, options::options_description& group) {
    group.add_options()
        ("max-attempts", count_value("max-attempts", 1, std::numeric_limits<std::uint64_t>::max(),
            [&](auto n) { result.course.max_attempts = n; result.with_max_attempts = true; }),
            "rounds, each with a block of every variant, go on until every claim is decided, or a variant has had so "
            "many attempts (40000)")
        ("rounds", count_value("rounds", 1, 100'000,
            [&](auto n) { result.course.rounds = static_cast<unsigned>(n); }),
            "so many rounds instead, fixed beforehand")
        ("block", duration_value("block", 1ms, [&](auto t) { result.plan.duration = t; result.with_block = true; }),
            "length of a block (2s)")
        ("requests,n", count_value("requests", 1, std::numeric_limits<std::uint64_t>::max(),
            [&](auto n) { result.plan.requests = n; }), "a block is so many attempts instead, however long they take")
        ("settle", duration_value("settle", 0s, [&](auto t) { result.settle = t; }),
            "pause after a faulty block, until the last of its threads have exited; their resets would fall to the next "
            "variant (1s)");
}

void add_options(RegressOptions& result, CommandLine& line) {
    line.group("Variants").add_options()
        ("faulty", options::value(&result.faulty)->composing()->value_name("NAME[,keep-alive]"), "expected to reset; repeatable")
        ("fixed", options::value(&result.fixed)->composing()->value_name("NAME[,keep-alive]"), "expected not to; repeatable");
    add_course(result, line.group("Load"));
    result.add_load(line.group("Load"));
    result.add_request(line.group("Request"));
    result.add_connection(line.group("Connection"));
    result.add_measurement(line.group("Measurement"));
    result.add_output(line.group("Output"));
    result.format.add_to(line.group("Output"));
    line.group("Output").add_options()
        ("label", options::value(&result.label)->value_name("NAME"),
            "name of the regression in the JUnit file, where each of several needs its own (BASE_URL)");
    line.group("Verdict").add_options()
        ("count", options::value(&result.count)->value_name("resets|lost"),
            "what variants are judged by; lost: attempts on established connections that got no whole answer because the "
            "server reset or closed them (resets)")
        ("max-reset-rate", fraction_value("max-reset-rate", 0, 1, [&](double p) { result.claim.max_reset_rate = p; }),
            "a fixed variant may reset (lose) at most this share of attempts; 0: not one (0.001)")
        ("confidence", fraction_value("confidence", 0.5, 1, [&](double p) { result.claim.confidence = p; }),
            "of each statement in the verdict (0.999)");
}
// clang-format on

void add_variants(const std::vector<std::string>& texts, Expectation expectation,
                  std::vector<Variant>& variants) {
    for (const std::string& text : texts) {
        Variant variant = parse_variant(text, expectation);
        for (const Variant& other : variants)
            if (other.name == variant.name)
                throw UsageError(fmt::format("the variant '{}' is given twice", variant.name));
        variants.push_back(std::move(variant));
    }
}

// What the options mean together.
void complete(RegressOptions& result) {
    result.complete();
    if (result.with_block && result.plan.requests)
        throw UsageError("--block and --requests exclude each other");
    const auto counted = counted_named(result.count);
    if (!counted)
        throw UsageError(fmt::format("--count '{}' is neither resets nor lost", shown_value(result.count)));
    result.claim.counted = *counted;
    result.format.chosen(); // refuses what is none, before any load
    if (result.with_max_attempts && result.course.rounds)
        throw UsageError("--rounds and --max-attempts exclude each other");
    result.course.seed = result.plan.seed;
    result.claim.looks = result.course.rounds ? Looks::once : Looks::any_time;
    result.choose_engine(parse_url(result.base_url));
    add_variants(result.faulty, Expectation::faulty, result.variants);
    add_variants(result.fixed, Expectation::fixed, result.variants);
    if (result.variants.empty())
        throw UsageError("no variant is named: give --faulty NAME or --fixed NAME (see --help)");
}

CommandLine command_line(RegressOptions& result) {
    CommandLine line(
        "regress [options] --faulty NAME --fixed NAME... BASE_URL",
        "Loads each variant in turn, in rounds, and ends with a verdict: do the faulty ones reset "
        "connections, and the fixed ones not? A variant is the DLL BASE_URL/NAME.dll, or NAME=PATH; "
        "NAME,keep-alive loads it over kept connections. A query on BASE_URL (?work=5&linger=2) goes to "
        "every variant.",
        {{"Exit codes", "0 as expected, 1 a fixed variant resets, 2 bad usage, 3 inconclusive (the fault was "
                        "not shown, or too few attempts for the claim), 4 invalid (target unreachable, wrong "
                        "variant answering, local faults), 130 interrupted."},
         {"Examples", "  loadgen regress --faulty thread-per-request --fixed thread-pool \\\n"
                      "      --fixed keep-alive,keep-alive -c 128 --send-delay 100ms \\\n"
                      "      --output results/vm http://vm/repro"}});
    add_options(result, line);
    return line;
}

std::optional<RegressOptions> parse(Arguments arguments) {
    RegressOptions result;
    result.plan.duration = 2s;
    CommandLine line = command_line(result);
    std::vector<std::string> urls;
    if (!line.parse(arguments, urls, 1))
        return std::nullopt;
    if (urls.empty())
        throw UsageError("a BASE_URL is missing (see --help)");
    result.base_url = urls.front();
    complete(result);
    result.label = shown_url(result.label);
    result.invocation = this_invocation("regress", shown_arguments(line.help(), arguments));
    return result;
}

RegressionRow row_of(const RegressionResult& result, const std::string& run_id) {
    const Claim& claim = result.claim;
    const Course& course = result.course;
    RegressionRow row{.run_id = run_id,
                      .plan = std::string(plan_name(course)),
                      .rounds = course.rounds,
                      .max_attempts = {},
                      .seed = course.seed,
                      .counted = std::string(name(claim.counted)),
                      .confidence = claim.confidence,
                      .max_reset_rate = claim.max_reset_rate,
                      .stopped = std::string(stop_name(result)),
                      .verdict = std::string(result.has_verdict() ? name(result.verdict) : "")};
    if (!course.rounds)
        row.max_attempts = course.max_attempts;
    return row;
}

ExitCode regress(const RegressOptions& options) {
    Regression regression({.base_url = options.base_url,
                           .load = options.plan,
                           .variants = options.variants,
                           .claim = options.claim,
                           .course = options.course,
                           .settle = options.settle});
    regression.check_variants();
    ensure_descriptors(options.plan);
    std::optional<RunFiles> files;
    if (!options.output.empty()) {
        files.emplace(options.output);
        write_invocation(options.output, {regression.run_id(), options.invocation});
    }

    warn_of_uncounted_resets();
    if (const auto warning = stalled_upload(options.plan))
        spdlog::warn(*warning);
    catch_interrupts();
    ProgressLine progress(options.quiet);
    const auto on_events = [&](const BlockInfo& info, std::span<const Event> events) {
        if (files)
            files->write_events(info, events);
    };
    const auto on_block = [&](const BlockInfo& info, const Recording& block) {
        if (files)
            files->write(info, block, options.claim.confidence);
        if (!options.histogram.empty())
            write_histograms(options.histogram, info, block);
    };
    RegressionResult result = regression.run(progress, {.on_events = on_events, .on_block = on_block});

    result.invocation = options.invocation;
    result.label = options.label;
    if (!options.output.empty()) {
        // The file has no run_id that would tell of which regression: only what was judged goes there.
        if (result.has_verdict())
            write_comparisons(options.output, result.pairs, result.claim.counted);
        write_regression(options.output, row_of(result, regression.run_id()));
    }
    for (const VariantResult& variant : result.variants) {
        for (const auto& warning :
             {syn_retries(variant.recording), missing_closes(variant.recording, variant.info.keep_alive)})
            if (warning)
                spdlog::warn("{}: {}", variant.finding.label, *warning);
        if (const auto warning = spread_warning(variant.finding); warning && result.has_verdict())
            spdlog::warn(*warning);
    }
    fmt::print("{}", options.format.chosen().regression(result));
    options.reports.write(result);
    refuse_invalid(result.ended);
    return exit_code_of(result);
}

} // namespace

CommandHelp regress_help() {
    RegressOptions values;
    return command_line(values).help();
}

ExitCode regress_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    return reporting_invalid(parsed->reports, "loadgen regress",
                             parsed->label.empty() ? parse_url(parsed->base_url).text : parsed->label,
                             [&] { return regress(*parsed); });
}

} // namespace loadgen
