#include "report/html/headlines.hpp"

#include "report/gate_text.hpp"
#include "report/numbers.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <utility>

namespace loadgen {
namespace {

// The badge says it already: "failed: x was expected not to" is "x was expected not to".
std::string without_word(const std::string& sentence, std::string_view word) {
    return sentence.starts_with(word) ? sentence.substr(word.size()) : sentence;
}

std::string run_sentence(const Counters& counters) {
    if (counters.resets() == 0 && counters.lost() == 0)
        return fmt::format("None of {} attempts was reset or lost.", grouped(counters.attempts));
    return fmt::format("Of {} attempts {} were reset, and {} lost.", grouped(counters.attempts),
                       grouped(counters.resets()), grouped(counters.lost()));
}

} // namespace

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

Tone tone_of(const RunEnding& ended) {
    return ended.is_invalid() ? Tone::bad : Tone::open;
}

std::string as_sentence(std::string text) {
    text = capitalised(std::move(text));
    return text.empty() || std::string_view(".?!").find(text.back()) != std::string_view::npos ? text
                                                                                               : text + ".";
}

Chapter headed(const RegressionResult& result) {
    if (!result.has_verdict())
        return {.tone = tone_of(result.ended),
                .badge = std::string(stop_name(result)),
                .sentence = as_sentence(without_verdict(result))};
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

Chapter headed(const RunResult& result, std::span<const Rule> rules) {
    const RunEnding& ended = result.recording.ended;
    if (!ended.is_whole())
        return {.tone = tone_of(ended),
                .badge = std::string(name(ended.kind())),
                .sentence = as_sentence(ended.sentence()),
                .paragraphs = {run_sentence(result.recording.counters)}};
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

} // namespace loadgen
