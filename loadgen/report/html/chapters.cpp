#include "report/html/chapters.hpp"

#include "report/comparison_text.hpp"
#include "report/html/evidence_figure.hpp"
#include "report/html/facts.hpp"
#include "report/html/headlines.hpp"
#include "report/html/latency_figure.hpp"
#include "report/html/outcome_figure.hpp"
#include "report/html/rate_figure.hpp"
#include "report/html/time_figure.hpp"
#include "report/html/victims_figure.hpp"
#include "report/numbers.hpp"
#include "report/regression_table.hpp"
#include "report/text.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace loadgen {
namespace {

Series series_of(const VariantResult& variant) {
    return {.label = variant.finding.label,
            .expected_to_reset = variant.finding.expectation == Expectation::faulty,
            .count = variant.finding.total,
            .interval = variant.finding.bounds,
            .stretches = variant.stretches,
            .latency = variant.recording.latency};
}

Series series_of(const RunResult& run) {
    const Counters& counters = run.recording.counters;
    const Count resets{counters.resets(), counters.attempts};
    return {.label = run.info.label,
            .count = resets,
            .interval = rate_interval(resets, run.confidence),
            .stretches = {stretch_of(run.recording)},
            .latency = run.recording.latency};
}

std::vector<Series> series_of(const RegressionResult& result) {
    std::vector<Series> series;
    for (const VariantResult& variant : result.variants)
        series.push_back(series_of(variant));
    return series;
}

void add(std::optional<Figure> figure, std::vector<Figure>& figures) {
    if (figure)
        figures.push_back(std::move(*figure));
}

TableRows run_rows(const RunResult& result) {
    const Recording& recording = result.recording;
    const Counters& counters = recording.counters;
    return {{"run", "attempts", "answers", "lost", "resets", "answers/s", "p50", "p99"},
            {result.info.label, grouped(counters.attempts), grouped(counters.answers),
             grouped(counters.lost()), grouped(counters.resets()),
             rounded(per_second(counters.answers, recording)), brief(recording.latency.quantile(0.5)),
             brief(recording.latency.quantile(0.99))}};
}

} // namespace

Chapter chapter_of(const RegressionResult& result) {
    Chapter chapter = headed(result);
    append(lines_of(certainty_text(result)), chapter.paragraphs);
    if (result.has_verdict())
        append(comparisons(result), chapter.paragraphs);
    for (const VariantResult& variant : result.variants)
        if (const auto warning = spread_warning(variant.finding); warning && result.has_verdict())
            chapter.paragraphs.push_back(*warning + ".");
    chapter.table = regression_rows(result);

    const std::vector<Series> series = series_of(result);
    std::vector<Outcomes> outcomes;
    for (const VariantResult& variant : result.variants)
        outcomes.push_back({variant.finding.label, &variant.recording.counters});
    chapter.figures.push_back(rate_figure(series, result.claim.max_reset_rate, result.claim.confidence,
                                          name(result.claim.counted)));
    add(time_figure(series), chapter.figures);
    add(outcome_figure(outcomes), chapter.figures);
    add(latency_figure(series), chapter.figures);
    add(evidence_figure(result), chapter.figures);
    chapter.facts = facts_of(result);
    chapter.command_line = result.invocation.command_line;
    return chapter;
}

Chapter chapter_of(const RunResult& result, std::span<const Rule> rules) {
    Chapter chapter = headed(result, rules);
    chapter.table = run_rows(result);
    const std::vector<Series> series = {series_of(result)};
    const Outcomes outcomes{result.info.label, &result.recording.counters};
    chapter.figures.push_back(rate_figure(series, std::nullopt, result.confidence, name(Counted::resets)));
    add(time_figure(series), chapter.figures);
    add(outcome_figure({&outcomes, 1}), chapter.figures);
    add(latency_figure(series), chapter.figures);
    chapter.facts = facts_of(result);
    chapter.command_line = result.invocation.command_line;
    return chapter;
}

Chapter chapter_of(const ComparisonResult& result) {
    const bool differs = std::any_of(result.pairs.begin(), result.pairs.end(),
                                     [](const PairFinding& pair) { return pair.evident; });
    const RunEnding ended = result.ended();
    Chapter chapter{.tone = ended.is_whole() ? Tone::plain : tone_of(ended),
                    .badge = ended.is_whole() ? "compared" : std::string(name(ended.kind())),
                    .sentence = differs
                                    ? fmt::format("There are differences from {}.", result.baseline)
                                    : fmt::format("No evidence of a difference from {}.", result.baseline),
                    .paragraphs = lines_of(comparison_sentences(result))};
    std::vector<Series> series;
    for (const auto& [counts, how] : result.series) {
        const Count count = sum_of(counts.blocks);
        series.push_back(
            {.label = counts.label, .count = count, .interval = rate_interval(count, result.confidence)});
    }
    chapter.figures.push_back(rate_figure(series, std::nullopt, result.confidence, name(Counted::resets)));
    chapter.table = chapter.figures.front().table;
    return chapter;
}

Chapter chapter_of(const NoResult& none) {
    return {.tone = tone_of(none.ended),
            .badge = std::string(name(none.ended.kind())),
            .sentence = as_sentence(none.ended.sentence())};
}

Chapter chapter_of(const StoredResult& stored, std::string name) {
    Chapter chapter = std::visit(
        [](const auto& result) {
            if constexpr (std::is_same_v<std::decay_t<decltype(result)>, RunResult>) {
                Chapter run = chapter_of(result, {});
                if (result.recording.ended.is_whole())
                    run.paragraphs.emplace_back(gates_not_stored);
                return run;
            } else
                return chapter_of(result);
        },
        stored.result);
    chapter.name = std::move(name);
    add(victims_figure(stored.thread_starts), chapter.figures);
    return chapter;
}

std::vector<Figure> overview_of(std::span<const StoredResult> results) {
    std::vector<Series> all;
    double confidence = 0;
    for (const StoredResult& stored : results) {
        std::vector<Series> some;
        if (const auto* const regression = std::get_if<RegressionResult>(&stored.result)) {
            some = series_of(*regression);
            confidence = std::max(confidence, regression->claim.confidence);
        } else if (const auto* const run = std::get_if<RunResult>(&stored.result)) {
            some = {series_of(*run)};
            confidence = std::max(confidence, run->confidence);
        }
        for (Series& one : some) {
            one.label = fmt::format("{}: {}", stored.folder, one.label);
            all.push_back(std::move(one));
        }
    }
    if (all.empty())
        return {};
    std::vector<Figure> figures = {rate_figure(all, std::nullopt, confidence, name(Counted::resets))};
    add(latency_figure(all), figures);
    return figures;
}

Page page_of(std::vector<Chapter> chapters) {
    std::string title = chapters.size() == 1 ? chapters.front().sentence
                                             : fmt::format("{} results side by side", chapters.size());
    return {.title = std::move(title), .overview = {}, .chapters = std::move(chapters)};
}

} // namespace loadgen
