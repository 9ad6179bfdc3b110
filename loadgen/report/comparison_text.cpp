#include "report/comparison_text.hpp"

#include "report/numbers.hpp"
#include "report/table.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

namespace loadgen {

std::vector<std::vector<std::string>> comparison_rows(const ComparisonResult& result) {
    std::vector<std::vector<std::string>> rows = {
        {"label", "runs", "attempts", "resets", "rate", percent(result.confidence) + " interval"}};
    for (const auto& [counts, ended] : result.series) {
        const Count resets = sum_of(counts.blocks);
        const RateInterval interval = rate_interval(resets, result.confidence);
        rows.push_back({counts.label, grouped(counts.blocks.size()), grouped(resets.trials),
                        grouped(resets.events), percent(resets.rate()),
                        fmt::format("{} to {}", percent(interval.low), percent(interval.high))});
    }
    return rows;
}

std::string comparison_sentences(const ComparisonResult& result) {
    std::string text = comparison_lines(result.pairs, Counted::resets);
    for (const auto& [counts, ended] : result.series)
        if (ended.is_invalid())
            text += fmt::format("{} is invalid, and not compared: {}\n", counts.label, ended.sentence());
        else if (!ended.is_whole())
            text += fmt::format("{} was {}\n", counts.label, ended.sentence());
    return text;
}

std::string comparison_text(const ComparisonResult& result) {
    return fmt::format("{}\n{}", aligned(comparison_rows(result)), comparison_sentences(result));
}

} // namespace loadgen
