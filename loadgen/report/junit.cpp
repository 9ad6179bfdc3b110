#include "report/junit.hpp"

#include "report/comparison_text.hpp"
#include "report/gate_text.hpp"
#include "report/numbers.hpp"
#include "report/regression_table.hpp"
#include "report/text.hpp"
#include "report/verdict_text.hpp"
#include "report/xml.hpp"

#include <fmt/format.h>

#include <chrono>

namespace loadgen {
namespace {

std::string body_of(const Trouble& trouble) {
    const std::string_view tag = trouble.is_error ? "error" : "failure";
    return fmt::format(">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n", tag,
                       xml_attribute(trouble.type), xml_attribute(trouble.message), xml_text(trouble.text));
}

std::string case_element(std::string_view suite, const Case& one) {
    std::string text = fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")",
                                   xml_attribute(suite), xml_attribute(one.name), one.seconds);
    return text + (one.trouble ? body_of(*one.trouble) : "/>\n");
}

struct Sums {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    double seconds = 0;

    Sums& operator+=(const Sums& other) {
        tests += other.tests;
        failures += other.failures;
        errors += other.errors;
        seconds += other.seconds;
        return *this;
    }
};

Sums sums_of(std::span<const Case> cases) {
    Sums sums{.tests = cases.size()};
    for (const Case& one : cases) {
        sums.seconds += one.seconds;
        if (one.trouble)
            ++(one.trouble->is_error ? sums.errors : sums.failures);
    }
    return sums;
}

std::string attributes(std::string_view name, const Sums& sums) {
    return fmt::format(R"(name="{}" tests="{}" failures="{}" errors="{}" time="{:.3f}")", xml_attribute(name),
                       sums.tests, sums.failures, sums.errors, sums.seconds);
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

std::string junit(std::span<const Suite> suites) {
    Sums all;
    std::string body;
    for (const Suite& suite : suites) {
        const Sums sums = sums_of(suite.cases);
        all += sums;
        body += fmt::format("  <testsuite {}>\n", attributes(suite.name, sums));
        for (const Case& one : suite.cases)
            body += case_element(suite.name, one);
        body += "  </testsuite>\n";
    }
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n{}</testsuites>\n",
                       attributes(suites.size() == 1 ? suites.front().name : "loadgen", all), body);
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

std::vector<Case> cases_of(const ComparisonResult& result) {
    std::vector<Case> cases;
    for (const PairFinding& pair : result.pairs) {
        const bool is_worse = pair.candidate == result.baseline;
        const std::string& other = is_worse ? pair.baseline : pair.candidate;
        Case one{.name = fmt::format("{} does not reset more often than {}", other, result.baseline)};
        if (is_worse && pair.evident)
            one.trouble = Trouble{.is_error = false,
                                  .type = "gate",
                                  .message = first_line(comparison_lines({&pair, 1}, Counted::resets)),
                                  .text = comparison_text(result)};
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
