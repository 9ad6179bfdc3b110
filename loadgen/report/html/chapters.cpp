#include "report/html/chapters.hpp"

#include "report/gate_text.hpp"
#include "report/html/evidence_figure.hpp"
#include "report/html/facts.hpp"
#include "report/html/latency_figure.hpp"
#include "report/html/outcome_figure.hpp"
#include "report/html/rate_figure.hpp"
#include "report/html/time_figure.hpp"
#include "report/html/victims_figure.hpp"
#include "report/numbers.hpp"
#include "report/regression_table.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
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

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (end > 0)
            lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

void append(std::vector<std::string> more, std::vector<std::string>& lines) {
    std::move(more.begin(), more.end(), std::back_inserter(lines));
}

std::string capitalised(std::string text) {
    if (!text.empty())
        text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

// The badge says it already: "failed: x was expected not to" is "x was expected not to".
std::string without_word(const std::string& sentence, std::string_view word) {
    return sentence.starts_with(word) ? sentence.substr(word.size()) : sentence;
}

Chapter headed(const RegressionResult& result) {
    if (!result.is_whole())
        return {.badge = "interrupted", .sentence = "Interrupted, without a verdict."};
    Chapter chapter;
    switch (result.verdict) {
    case Verdict::as_expected:
        chapter.tone = Tone::good;
        chapter.badge = "as expected";
        break;
    case Verdict::fixed_resets:
        chapter.tone = Tone::bad;
        chapter.badge = "failed";
        break;
    case Verdict::inconclusive:
        chapter.badge = "inconclusive";
        break;
    }
    std::vector<std::string> lines = lines_of(verdict_text(result));
    if (!lines.empty()) {
        chapter.sentence = without_word(without_word(lines.front(), "failed: "), "inconclusive: ");
        // A variant's name stays as it is.
        if (result.verdict == Verdict::as_expected || chapter.sentence.starts_with("the fault"))
            chapter.sentence = capitalised(chapter.sentence);
        lines.erase(lines.begin());
    }
    append(std::move(lines), chapter.paragraphs);
    return chapter;
}

// Of each faulty variant one sentence, where it differs from all fixed ones; else a line for each pair.
std::vector<std::string> comparisons(const RegressionResult& result) {
    std::vector<std::string> sentences;
    for (const VariantResult& variant : result.variants) {
        std::vector<PairFinding> pairs;
        std::copy_if(result.pairs.begin(), result.pairs.end(), std::back_inserter(pairs),
                     [&](const PairFinding& pair) { return pair.baseline == variant.finding.label; });
        const bool all_evident =
            std::all_of(pairs.begin(), pairs.end(), [](const PairFinding& pair) { return pair.evident; });
        if (pairs.size() < 2 || !all_evident) {
            append(lines_of(comparison_lines(pairs, result.claim.counted)), sentences);
            continue;
        }
        const auto least = std::min_element(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
            return a.comparison.rate_ratio_low < b.comparison.rate_ratio_low;
        });
        sentences.push_back(fmt::format("{} {} at least {:.3g} times as often as each of the fixed variants.",
                                        variant.finding.label,
                                        result.claim.counted == Counted::lost ? "loses attempts" : "resets",
                                        least->comparison.rate_ratio_low));
    }
    return sentences;
}

std::string run_sentence(const Counters& counters) {
    if (counters.resets() == 0 && counters.lost() == 0)
        return fmt::format("None of {} attempts was reset or lost.", grouped(counters.attempts));
    return fmt::format("Of {} attempts {} were reset, and {} lost.", grouped(counters.attempts),
                       grouped(counters.resets()), grouped(counters.lost()));
}

Chapter headed(const RunResult& result, std::span<const Rule> rules) {
    std::vector<std::string> broken_rules;
    for (const Rule& rule : rules)
        if (const auto one = broken(rule, result.recording))
            broken_rules.push_back(text(*one));
    const std::string sentence = run_sentence(result.recording.counters);
    if (!broken_rules.empty())
        return {.tone = Tone::bad, .badge = "failed", .sentence = sentence, .paragraphs = broken_rules};
    if (rules.empty())
        return {.tone = Tone::plain, .badge = "measured", .sentence = sentence};
    std::string kept = "Kept: not ";
    for (const Rule& rule : rules)
        kept += fmt::format("{}{}", &rule == rules.data() ? "" : ", not ", text(rule));
    return {.tone = Tone::good, .badge = "passed", .sentence = sentence, .paragraphs = {kept + "."}};
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
    append(comparisons(result), chapter.paragraphs);
    for (const VariantResult& variant : result.variants)
        if (const auto warning = spread_warning(variant.finding); warning && result.is_whole())
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
    Chapter chapter{.tone = Tone::plain,
                    .badge = "compared",
                    .sentence = differs
                                    ? fmt::format("There are differences from {}.", result.baseline)
                                    : fmt::format("No evidence of a difference from {}.", result.baseline),
                    .paragraphs = lines_of(comparison_lines(result.pairs, Counted::resets))};
    std::vector<Series> series;
    for (const VariantCounts& one : result.series) {
        const Count count = sum_of(one.blocks);
        series.push_back(
            {.label = one.label, .count = count, .interval = rate_interval(count, result.confidence)});
    }
    chapter.figures.push_back(rate_figure(series, std::nullopt, result.confidence, name(Counted::resets)));
    chapter.table = chapter.figures.front().table;
    return chapter;
}

Chapter chapter_of(const std::string& type, const std::string& sentence) {
    return {.tone = type == "interrupted" ? Tone::open : Tone::bad,
            .badge = type,
            .sentence = capitalised(sentence)};
}

Chapter chapter_of(const StoredResult& stored, std::string name) {
    Chapter chapter = std::visit(
        [](const auto& result) {
            if constexpr (std::is_same_v<std::decay_t<decltype(result)>, RunResult>)
                return chapter_of(result, {});
            else
                return chapter_of(result);
        },
        stored.result);
    if (stored.is_merged && chapter.tone == Tone::open && chapter.badge == "interrupted") {
        chapter.badge = "merged";
        chapter.sentence = "Added up from several machines, without a verdict of its own.";
    }
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
        } else {
            const auto& run = std::get<RunResult>(stored.result);
            some = {series_of(run)};
            confidence = std::max(confidence, run.confidence);
        }
        for (Series& one : some) {
            one.label = fmt::format("{}: {}", stored.folder, one.label);
            all.push_back(std::move(one));
        }
    }
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
