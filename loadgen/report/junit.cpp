#include "report/junit.hpp"

#include "report/comparison_text.hpp"
#include "report/gate_text.hpp"
#include "report/numbers.hpp"
#include "report/regression_table.hpp"
#include "report/text.hpp"
#include "report/verdict_text.hpp"
#include "report/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace loadgen {
namespace {

std::string_view tag_of(Trouble::Kind kind) {
    switch (kind) {
    case Trouble::Kind::failure:
        return "failure";
    case Trouble::Kind::error:
        return "error";
    case Trouble::Kind::skipped:
        break;
    }
    return "skipped";
}

// The message stands in the text too: some readers show only the one, some only the other.
std::string body_of(const Trouble& trouble) {
    const std::string text =
        fmt::format("{}{}{}", trouble.message, trouble.details.empty() ? "" : "\n\n", trouble.details);
    return fmt::format(">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n",
                       tag_of(trouble.kind), xml_attribute(trouble.type), xml_attribute(trouble.message),
                       xml_text(text));
}

std::string case_element(const Suite& suite, const Case& one) {
    const std::string name = suite.subject.empty() ? one.name : suite.subject + ": " + one.name;
    std::string text = fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")",
                                   xml_attribute(suite.command), xml_attribute(name), one.seconds);
    return text + (one.trouble ? body_of(*one.trouble) : "/>\n");
}

std::string name_of(const Suite& suite) {
    return suite.subject.empty() ? std::string(suite.command)
                                 : fmt::format("{} {}", suite.command, suite.subject);
}

struct Sums {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
    double seconds = 0;

    std::size_t& of(Trouble::Kind kind) {
        switch (kind) {
        case Trouble::Kind::failure:
            return failures;
        case Trouble::Kind::error:
            return errors;
        case Trouble::Kind::skipped:
            break;
        }
        return skipped;
    }
    Sums& operator+=(const Sums& other) {
        tests += other.tests;
        failures += other.failures;
        errors += other.errors;
        skipped += other.skipped;
        seconds += other.seconds;
        return *this;
    }
};

Sums sums_of(std::span<const Case> cases) {
    Sums sums{.tests = cases.size()};
    for (const Case& one : cases) {
        sums.seconds += one.seconds;
        if (one.trouble)
            ++sums.of(one.trouble->kind);
    }
    return sums;
}

std::string attributes(std::string_view name, const Sums& sums) {
    return fmt::format(R"(name="{}" tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")",
                       xml_attribute(name), sums.tests, sums.failures, sums.errors, sums.skipped,
                       sums.seconds);
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

std::string without_first_line(std::string_view text) {
    return std::string(text.substr(std::min(text.find('\n'), text.size() - 1) + 1));
}

// What did not come to its end shows nothing, whatever its counts came to.
Trouble trouble_of(const RunEnding& ended, std::string message, std::string details) {
    return {.kind = ended.is_whole() ? Trouble::Kind::skipped : Trouble::Kind::error,
            .type = std::string(name(ended.kind())),
            .message = std::move(message),
            .details = std::move(details)};
}

std::optional<Trouble> trouble_of(const VariantResult& variant, const RegressionResult& result) {
    if (!result.has_verdict()) {
        Trouble trouble = trouble_of(result.ended, without_verdict(result), regression_table(result));
        trouble.type = stop_name(result);
        return trouble;
    }
    const Finding finding = variant.finding.finding;
    const bool open = finding == Finding::not_shown || finding == Finding::undecided;
    if (finding != Finding::resets && !open)
        return std::nullopt;
    const std::string sentences = sentences_about(variant, result.claim);
    return Trouble{.kind = Trouble::Kind::failure,
                   .type = open ? "inconclusive" : "gate",
                   .message = first_line(sentences),
                   .details = without_first_line(sentences) + "\n" + regression_table(result)};
}

// "http://h/repro/x.dll?work=5" is "http://h/repro/", and "work=5" besides.
std::pair<std::string_view, std::string_view> place_of(std::string_view url) {
    const auto question = std::min(url.find('?'), url.size());
    const std::string_view path = url.substr(0, question);
    return {path.substr(0, path.rfind('/') + 1), url.substr(question)};
}

constexpr std::string_view valid = "the measurement is valid";

} // namespace

std::string junit(std::span<const Suite> suites) {
    Sums all;
    std::string body;
    for (const Suite& suite : suites) {
        const Sums sums = sums_of(suite.cases);
        all += sums;
        body += fmt::format("  <testsuite {}>\n", attributes(name_of(suite), sums));
        for (const Case& one : suite.cases)
            body += case_element(suite, one);
        body += "  </testsuite>\n";
    }
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n{}</testsuites>\n",
                       attributes(suites.size() == 1 ? name_of(suites.front()) : "loadgen", all), body);
}

std::string subject_of(std::string_view label, std::string_view url) {
    const auto authority = std::min(url.find("://"), url.size() - std::min<std::size_t>(url.size(), 3)) + 3;
    const std::string_view before_query = url.substr(0, url.find('?'));
    const auto slash = before_query.find('/', std::min(authority, before_query.size()));
    const std::string_view path = slash == std::string_view::npos ? "/" : before_query.substr(slash);
    return std::string(label.empty() || label == path ? url : label);
}

std::string subject_of(const RegressionResult& result) {
    if (!result.label.empty() || result.variants.empty())
        return result.label;
    auto [place, query] = place_of(result.variants.front().info.url);
    for (const VariantResult& variant : result.variants) {
        const auto [other, its_query] = place_of(variant.info.url);
        const auto same = std::mismatch(place.begin(), place.end(), other.begin(), other.end()).first;
        place = place.substr(0, static_cast<std::size_t>(same - place.begin()));
        place = place.substr(0, place.rfind('/') + 1);
        if (its_query != query)
            query = {};
    }
    return std::string(place) + std::string(query);
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
    const RunEnding& ended = result.recording.ended;
    if (!ended.is_whole())
        return {{.name = std::string(valid),
                 .seconds = seconds,
                 .trouble = trouble_of(ended, ended.sentence(), run_summary(result))}};
    if (rules.empty())
        return {{.name = std::string(valid), .seconds = seconds}};
    std::vector<Case> cases;
    for (const Rule& rule : rules) {
        Case one{.name = fmt::format("not {}", text(rule)),
                 .seconds = seconds / static_cast<double>(rules.size())};
        if (const auto broken_rule = broken(rule, result.recording))
            one.trouble = Trouble{.kind = Trouble::Kind::failure,
                                  .type = "gate",
                                  .message = text(*broken_rule),
                                  .details = run_summary(result)};
        cases.push_back(std::move(one));
    }
    return cases;
}

std::vector<Case> stored_cases_of(const RunResult& result) {
    std::vector<Case> cases = cases_of(result, {});
    if (result.recording.ended.is_whole())
        cases.front().name += "; gates are not stored";
    return cases;
}

std::vector<Case> cases_of(const ComparisonResult& result) {
    const auto baseline =
        std::find_if(result.series.begin(), result.series.end(),
                     [&](const ComparedSeries& one) { return one.counts.label == result.baseline; });
    std::vector<Case> cases;
    for (const auto& [counts, ended] : result.series) {
        const std::string& label = counts.label;
        if (label == result.baseline)
            continue;
        Case one{.name = fmt::format("{} does not reset more often than {}", label, result.baseline)};
        const RunEnding& worse = worse_of(ended, baseline->ended);
        const auto found =
            std::find_if(result.pairs.begin(), result.pairs.end(), [&](const PairFinding& pair) {
                return pair.evident && pair.baseline == label && pair.candidate == result.baseline;
            });
        if (!worse.is_whole())
            one.trouble = trouble_of(worse, worse.sentence(), comparison_text(result));
        else if (found != result.pairs.end())
            one.trouble = Trouble{.kind = Trouble::Kind::failure,
                                  .type = "gate",
                                  .message = first_line(comparison_lines({&*found, 1}, Counted::resets)),
                                  .details = comparison_text(result)};
        cases.push_back(std::move(one));
    }
    return cases;
}

std::vector<Case> cases_of(const NoResult& none) {
    return {{.name = std::string(valid), .trouble = trouble_of(none.ended, none.ended.sentence(), {})}};
}

} // namespace loadgen
