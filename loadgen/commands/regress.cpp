// loadgen regress: variants that should reset against variants that should not, in interleaved rounds, to a
// verdict.
#include "commands/block.hpp"
#include "commands/commands.hpp"
#include "commands/interrupts.hpp"
#include "commands/load_options.hpp"
#include "commands/preflight.hpp"
#include "commands/run_id.hpp"
#include "commands/variant.hpp"
#include "report/json.hpp"
#include "report/regression_table.hpp"
#include "report/run_files.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <limits>
#include <optional>
#include <thread>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

struct RegressOptions : LoadOptions {
    std::vector<Variant> variants;
    unsigned rounds = 5;
    std::chrono::nanoseconds settle =
        1s; // after a faulty block: its last threads would reset the next block's connections
    Claim claim;
    std::string base_url;
    bool json = false;
};

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

std::optional<RegressOptions> parse(Arguments arguments) {
    CommandLine line(
        "regress [options] --faulty NAME --fixed NAME... BASE_URL",
        "Loads each variant in turn, in rounds, and ends with a verdict: do the faulty ones reset "
        "connections, and the\n"
        "fixed ones not? A variant is the DLL BASE_URL/NAME.dll, or NAME=PATH; NAME,keep-alive loads it over "
        "kept\n"
        "connections. A query on BASE_URL (?work=5&linger=2) goes to every variant.",
        "Exit codes: 0 as expected, 1 a fixed variant resets, 2 bad usage, 3 inconclusive (the fault was not "
        "shown, or\n"
        "too few attempts for the claim), 4 invalid (target unreachable, wrong variant answering, local "
        "faults),\n"
        "130 interrupted.\n\n"
        "Example:\n"
        "  loadgen regress --faulty thread-per-request --fixed thread-pool --fixed keep-alive,keep-alive \\\n"
        "      -c 128 --send-delay 100ms --output results/vm http://vm/repro\n");
    RegressOptions result;
    result.add_to(line.visible());
    result.plan.duration = 2s;
    bool with_block = false;
    std::vector<std::string> faulty;
    std::vector<std::string> fixed;
    std::string count = "resets";
    // clang-format off
    line.visible().add_options()
        ("faulty", options::value(&faulty)->composing()->value_name("NAME[,keep-alive]"), "expected to reset; repeatable")
        ("fixed", options::value(&fixed)->composing()->value_name("NAME[,keep-alive]"), "expected not to; repeatable")
        ("rounds", count_value("rounds", 1, 100'000, [&](auto n) { result.rounds = static_cast<unsigned>(n); }),
            "rounds, each with a block of every variant (5)")
        ("block", duration_value("block", 1ms, [&](auto t) { result.plan.duration = t; with_block = true; }),
            "length of a block (2s)")
        ("requests,n", count_value("requests", 1, std::numeric_limits<std::uint64_t>::max(),
            [&](auto n) { result.plan.requests = n; }), "a block is so many attempts instead, however long they take")
        ("settle", duration_value("settle", 0s, [&](auto t) { result.settle = t; }),
            "pause after a faulty block, until the last of its threads have exited; their resets would fall to the next "
            "variant (1s)")
        ("confidence", fraction_value("confidence", 0.5, 1, [&](double p) { result.claim.confidence = p; }),
            "of each statement in the verdict (0.999)")
        ("max-reset-rate", fraction_value("max-reset-rate", 0, 1, [&](double p) { result.claim.max_reset_rate = p; }),
            "a fixed variant may reset (lose) at most this share of attempts; 0: not one (0.001)")
        ("count", options::value(&count)->value_name("resets|lost"),
            "what variants are judged by; lost: attempts on established connections that got no whole answer because the "
            "server reset or closed them (resets)")
        ("json", options::bool_switch(&result.json), "print the result as one JSON object");
    // clang-format on
    std::vector<std::string> urls;
    if (!line.parse(arguments, urls, 1))
        return std::nullopt;
    result.complete();
    if (urls.empty())
        throw UsageError("a BASE_URL is missing (see --help)");
    if (with_block && result.plan.requests)
        throw UsageError("--block and --requests exclude each other");
    const auto counted = counted_named(count);
    if (!counted)
        throw UsageError(fmt::format("--count '{}' is neither resets nor lost", count));
    result.claim.counted = *counted;
    result.base_url = urls.front();
    result.choose_engine(parse_url(result.base_url));
    add_variants(faulty, Expectation::faulty, result.variants);
    add_variants(fixed, Expectation::fixed, result.variants);
    if (result.variants.empty())
        throw UsageError("no variant is named: give --faulty NAME or --fixed NAME (see --help)");
    return result;
}

/// A variant with what it is loaded with and what came of it.
struct Subject {
    Variant variant;
    LoadPlan plan;
    Target target;
    BlockInfo info;            // of all blocks together
    Recording recording;       // all blocks so far
    std::vector<Count> blocks; // what is judged by among attempts
};

std::vector<Subject> make_subjects(const RegressOptions& options) {
    const std::string run_id = new_run_id();
    std::vector<Subject> subjects;
    for (const Variant& variant : options.variants) {
        Subject subject{.variant = variant, .plan = options.plan};
        subject.plan.keep_alive = variant.keep_alive || options.plan.keep_alive;
        subject.target = make_target(variant_url(options.base_url, variant), subject.plan);
        subject.info = block_info(run_id, variant.name, std::string(name(variant.expectation)), subject.plan,
                                  subject.target);
        subjects.push_back(std::move(subject));
    }
    return subjects;
}

void check_variant_answers(const Subject& subject, const Server& server) {
    const std::string& url = subject.target.url.text;
    const PreflightAnswer answer = preflight(subject.target, server, subject.plan.timeout);
    if (answer.status / 100 != 2)
        throw InvalidError(fmt::format(
            "{}: answered with status {}: is the DLL there, and allowed to execute?", url, answer.status));
    if (answer.variant.empty() && subject.variant.own_path)
        return;
    if (answer.variant.empty())
        throw InvalidError(fmt::format("{}: the answer has no X-Repro-Variant, so it is not the DLL '{}'; "
                                       "for a DLL of your own give NAME=PATH",
                                       url, subject.variant.name));
    if (answer.variant != subject.variant.name)
        throw InvalidError(fmt::format("{}: the variant '{}' answers there, not '{}'", url, answer.variant,
                                       subject.variant.name));
}

void run_one_block(Subject& subject, std::size_t number, const Claim& claim, ProgressLine& progress,
                   std::optional<RunFiles>& files, const std::string& histogram) {
    BlockInfo info = subject.info;
    info.run_id += fmt::format(".{:03}", number);
    const Recording block =
        run_block(subject.plan, subject.target, progress, [&](std::span<const Event> events) {
            if (files)
                files->write_events(info, events);
        });
    if (files)
        files->write(info, block, claim.confidence);
    if (!histogram.empty())
        write_histograms(histogram, info, block);
    subject.blocks.push_back({count_of(claim.counted, block.counters), block.counters.attempts});
    subject.recording.add_later(block);
    if (const auto reason = why_invalid(block, subject.target))
        throw InvalidError(*reason);
    if (const auto warning = local_faults(block))
        spdlog::warn(*warning);
}

/// False when interrupted.
bool run_rounds(std::vector<Subject>& subjects, const RegressOptions& options,
                std::optional<RunFiles>& files) {
    ProgressLine progress(options.quiet);
    const std::size_t blocks = options.rounds * subjects.size();
    std::size_t block = 0;
    for (unsigned round = 0; round < options.rounds; ++round) {
        for (std::size_t i = 0; i < subjects.size(); ++i) {
            // Each round begins one variant later, so that none always follows the same other.
            Subject& subject = subjects[(round + i) % subjects.size()];
            progress.begin_block(subject.variant.name, block, blocks);
            run_one_block(subject, ++block, options.claim, progress, files, options.histogram);
            if (interrupted())
                return false;
            if (subject.variant.expectation == Expectation::faulty && block < blocks)
                std::this_thread::sleep_for(options.settle);
        }
    }
    return true;
}

ExitCode exit_code_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::as_expected:
        return ExitCode::success;
    case Verdict::fixed_resets:
        return ExitCode::gate_failed;
    case Verdict::inconclusive:
        break;
    }
    return ExitCode::inconclusive;
}

} // namespace

ExitCode regress_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    std::vector<Subject> subjects = make_subjects(*parsed);
    for (const Subject& subject : subjects)
        for (const Server& server : subject.target.servers)
            check_variant_answers(subject, server);
    std::optional<RunFiles> files;
    if (!parsed->output.empty())
        files.emplace(parsed->output);

    warn_of_uncounted_resets();
    catch_interrupts();
    const bool whole = run_rounds(subjects, *parsed, files);

    std::vector<VariantCounts> counts;
    std::vector<BlockInfo> infos;
    std::vector<Recording> recordings;
    for (Subject& subject : subjects) {
        const Counters& sum = subject.recording.counters;
        counts.push_back({.label = subject.variant.name,
                          .expectation = subject.variant.expectation,
                          .blocks = subject.blocks,
                          .lost = {sum.lost(), sum.attempts}});
        infos.push_back(subject.info);
        recordings.push_back(std::move(subject.recording));
    }
    const Regression regression = judge(counts, parsed->claim);
    if (!parsed->output.empty())
        write_comparisons(parsed->output, regression);
    fmt::print("{}", parsed->json ? regression_json(regression, infos, recordings)
                                  : regression_table(regression, recordings));
    if (!whole)
        return ExitCode::interrupted;
    for (const std::string& warning : warnings(regression))
        spdlog::warn(warning);
    if (!parsed->json)
        fmt::print("\n{}\n{}", comparison_lines(regression), verdict_text(regression, recordings));
    return exit_code_of(regression.verdict);
}

} // namespace loadgen
