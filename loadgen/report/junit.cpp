#include "report/junit.hpp"

#include "report/gate_text.hpp"
#include "report/numbers.hpp"
#include "report/regression_table.hpp"
#include "report/text.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace loadgen {
namespace {

enum class Place { attribute, text };

// XML 1.0 has no control characters, not even as references; a line break in an attribute must be one.
std::string escaped(std::string_view text, Place place = Place::attribute) {
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\n':
            result += place == Place::attribute ? "&#10;" : "\n";
            break;
        default:
            result += static_cast<unsigned char>(c) < ' ' ? '?' : c;
        }
    }
    return result;
}

std::string body_of(const Trouble& trouble) {
    const std::string_view tag = trouble.is_error ? "error" : "failure";
    return fmt::format(">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n", tag,
                       escaped(trouble.type), escaped(trouble.message), escaped(trouble.text, Place::text));
}

std::string first_line(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

std::string claim_about(const VariantResult& variant, const Claim& claim) {
    const bool lost = claim.counted == Counted::lost;
    if (variant.finding.expectation == Expectation::faulty)
        return fmt::format("{} {}", variant.finding.label, lost ? "loses attempts" : "resets connections");
    return fmt::format("{} {} at most {} of attempts", variant.finding.label, lost ? "loses" : "resets",
                       percent(claim.max_reset_rate));
}

std::optional<Trouble> trouble_of(const VariantResult& variant, const RegressionResult& result) {
    const Finding finding = variant.finding.finding;
    const bool open = finding == Finding::not_shown || finding == Finding::undecided;
    if (finding != Finding::resets && !open)
        return std::nullopt;
    if (open && !result.is_whole())
        return Trouble{.is_error = true,
                       .type = "interrupted",
                       .message = "interrupted before this was decided",
                       .text = regression_table(result)};
    const std::string sentences = sentences_about(variant, result.claim);
    return Trouble{.is_error = false,
                   .type = open ? "inconclusive" : "gate",
                   .message = first_line(sentences),
                   .text = sentences + "\n" + regression_table(result)};
}

} // namespace

std::string junit(std::string_view suite, std::span<const Case> cases) {
    std::size_t failures = 0;
    std::size_t errors = 0;
    double seconds = 0;
    std::string body;
    for (const Case& one : cases) {
        seconds += one.seconds;
        body += fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")", escaped(suite),
                            escaped(one.name), one.seconds);
        if (!one.trouble) {
            body += "/>\n";
            continue;
        }
        ++(one.trouble->is_error ? errors : failures);
        body += body_of(*one.trouble);
    }
    const std::string counts = fmt::format(R"(name="{}" tests="{}" failures="{}" errors="{}" time="{:.3f}")",
                                           escaped(suite), cases.size(), failures, errors, seconds);
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n  <testsuite {0}>\n{1}"
                       "  </testsuite>\n</testsuites>\n",
                       counts, body);
}

std::vector<Case> cases_of(const RegressionResult& result) {
    std::vector<Case> cases;
    for (const VariantResult& variant : result.variants)
        cases.push_back({.name = claim_about(variant, result.claim),
                         .seconds = std::chrono::duration<double>(variant.recording.elapsed).count(),
                         .trouble = trouble_of(variant, result)});
    return cases;
}

std::vector<Case> cases_of(const RunResult& result, std::span<const Rule> rules) {
    const double seconds = std::chrono::duration<double>(result.recording.elapsed).count();
    if (rules.empty())
        return {{.name = "the measurement is valid", .seconds = seconds}};
    std::vector<Case> cases;
    for (const Rule& rule : rules) {
        Case one{.name = fmt::format("not {}", text(rule)),
                 .seconds = seconds / static_cast<double>(rules.size())};
        if (const auto broken_rule = broken(rule, result.recording))
            one.trouble = Trouble{.is_error = false,
                                  .type = "gate",
                                  .message = text(*broken_rule),
                                  .text = run_summary(result)};
        cases.push_back(std::move(one));
    }
    return cases;
}

std::vector<Case> case_of(std::string_view type, std::string_view sentence) {
    return {{.name = "the measurement is valid",
             .trouble = Trouble{.is_error = true,
                                .type = std::string(type),
                                .message = std::string(sentence),
                                .text = std::string(sentence)}}};
}

} // namespace loadgen
