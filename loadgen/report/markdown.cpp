#include "report/markdown.hpp"

#include "report/comparison_text.hpp"
#include "report/numbers.hpp"
#include "report/outcome_table.hpp"
#include "report/regression_table.hpp"
#include "report/text.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

#include <variant>
#include <vector>

namespace loadgen {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// Text that Markdown and HTML are to take as it is.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '<')
            result += "&lt;";
        else if (c == '\n')
            result += ' ';
        else if (std::string_view("\\`*_|[]~").find(c) != std::string_view::npos)
            result += {'\\', c};
        else
            result += c;
    }
    return result;
}

std::string table(const Rows& rows) {
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const std::string& cell : rows[i])
            text += fmt::format("| {} ", escaped(cell));
        text += "|\n";
        if (i == 0) { // the first column to the left, the others to the right
            text += "|---";
            for (std::size_t column = 1; column < rows[i].size(); ++column)
                text += "|--:";
            text += "|\n";
        }
    }
    return text;
}

// Each line a paragraph of its own.
std::string paragraphs(std::string_view lines) {
    std::string text;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        if (end > 0)
            text += escaped(lines.substr(0, end)) + "\n\n";
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return text;
}

std::string fenced(std::string_view title, std::string_view text) {
    return fmt::format("<details><summary>{}</summary>\n\n```\n{}```\n\n</details>\n", title, text);
}

std::string title_of(const RegressionResult& result) {
    if (result.is_merged())
        return "merged, without a verdict";
    if (!result.has_verdict())
        return result.ended.is_invalid() ? "invalid" : "interrupted, without a verdict";
    switch (result.verdict) {
    case Verdict::as_expected:
        return "as expected";
    case Verdict::fixed_resets:
        return result.claim.counted == Counted::lost ? "failed: a fixed variant loses attempts"
                                                     : "failed: a fixed variant resets connections";
    case Verdict::inconclusive:
        break;
    }
    return "inconclusive";
}

} // namespace

std::string run_markdown(const RunResult& result) {
    const RunEnding& ended = result.recording.ended;
    std::string text = ended.is_whole()
                           ? fmt::format("## loadgen: {}\n\n", escaped(result.info.label))
                           : fmt::format("## loadgen: {}: {}\n\n{}", name(ended.kind()),
                                         escaped(result.info.label), paragraphs(ended.sentence()));
    if (const Rows rows = outcome_rows(result.recording.counters); !rows.empty())
        text += table(rows) + "\n";
    return fmt::format("{}```\n{}```\n", text, run_summary(result));
}

std::string regression_markdown(const RegressionResult& result) {
    std::string text = fmt::format("## loadgen: {}\n\n", title_of(result));
    text += result.has_verdict() ? paragraphs(verdict_text(result)) + paragraphs(certainty_text(result))
                                 : paragraphs(without_verdict(result));
    text += table(regression_rows(result)) + "\n";
    if (result.has_verdict() && !result.pairs.empty())
        text += paragraphs(comparison_lines(result.pairs, result.claim.counted));
    for (const VariantResult& variant : result.variants)
        if (const Rows rows = outcome_rows(variant.recording.counters); !rows.empty())
            text += fmt::format("### {}\n\n{}\n", escaped(variant.info.label), table(rows));
    std::string measured;
    for (const VariantResult& variant : result.variants)
        measured += fmt::format("{}{}", measured.empty() ? "" : "\n",
                                run_summary({variant.info, variant.recording, result.claim.confidence}));
    return text + fenced("how it was measured", measured);
}

std::string comparison_markdown(const ComparisonResult& result) {
    return fmt::format("## loadgen: compared\n\n{}\n{}", table(comparison_rows(result)),
                       paragraphs(comparison_sentences(result)));
}

std::string no_markdown(const NoResult& none) {
    return fmt::format("## loadgen: {}{}{}\n\n{}", name(none.ended.kind()), none.subject.empty() ? "" : ": ",
                       escaped(none.subject), paragraphs(none.ended.sentence()));
}

std::string stored_markdown(const StoredResult& stored) {
    struct Visitor {
        std::string operator()(const RunResult& run) const {
            if (!run.recording.ended.is_whole())
                return run_markdown(run);
            return fmt::format("{}\n{}", run_markdown(run), paragraphs(gates_not_stored));
        }
        std::string operator()(const RegressionResult& regression) const {
            return regression_markdown(regression);
        }
        std::string operator()(const NoResult& none) const { return no_markdown(none); }
    };
    return std::visit(Visitor{}, stored.result);
}

} // namespace loadgen
