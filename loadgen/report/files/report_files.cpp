#include "report/files/report_files.hpp"

#include "process/output_error.hpp"
#include "report/html/chapters.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace loadgen {
namespace {

void write_to(const std::string& path, std::string_view text, std::ios::openmode mode) {
    std::ofstream file(path, std::ios::binary | mode);
    file << text << std::flush;
    if (!file)
        throw OutputError(fmt::format("cannot write '{}': {}", path, std::generic_category().message(errno)));
}

void write_markdown(const std::string& path, const std::string& text) {
    if (!path.empty())
        write_to(path, text, std::ios::trunc);
    // GitHub Actions shows what is appended there on the job's page.
    if (const char* const summary = std::getenv("GITHUB_STEP_SUMMARY"); summary != nullptr && *summary != 0)
        write_to(summary, text + "\n", std::ios::app);
}

// A workflow command of GitHub Actions, which reads stderr too: one annotation, since it shows ten at most.
void annotate(bool is_good, const std::string& sentence) {
    if (std::getenv("GITHUB_ACTIONS") == nullptr)
        return;
    std::string escaped;
    for (const char c : sentence)
        escaped += c == '%' ? "%25" : c == '\n' ? "%0A" : c == '\r' ? "" : std::string(1, c);
    fmt::print(stderr, "::{} title=loadgen::{}\n", is_good ? "notice" : "error", escaped);
}

void write_junit(const std::string& path, std::span<const Suite> suites) {
    if (!path.empty())
        write_to(path, junit(suites), std::ios::trunc);
}

void write_html(const std::string& path, std::vector<Chapter> chapters) {
    if (!path.empty())
        write_to(path, html(page_of(std::move(chapters))), std::ios::trunc);
}

// Of several results of one folder each needs more than the folder's name: JUnit's readers drop a second case
// of the same name.
std::vector<std::string> names_of(std::span<const StoredResult> results) {
    struct Visitor {
        std::string operator()(const RunResult& run) const {
            return subject_of(run.info.label, run.info.url);
        }
        std::string operator()(const RegressionResult& regression) const { return subject_of(regression); }
        std::string operator()(const NoResult& none) const { return none.subject; }
    };
    std::vector<std::string> names;
    for (const StoredResult& stored : results) {
        const std::string of_folder = std::visit(Visitor{}, stored.result);
        std::string name =
            of_folder.empty() ? stored.folder : fmt::format("{}: {}", stored.folder, of_folder);
        std::size_t number = 1;
        const std::string stem = name;
        while (std::find(names.begin(), names.end(), name) != names.end())
            name = fmt::format("{} ({})", stem, ++number);
        names.push_back(std::move(name));
    }
    return names;
}

Suite suite_of(const StoredResult& stored, const std::string& name) {
    struct Visitor {
        const std::string& name;
        Suite operator()(const RunResult& run) const { return {"loadgen run", name, stored_cases_of(run)}; }
        Suite operator()(const RegressionResult& regression) const {
            return {"loadgen regress", name, cases_of(regression)};
        }
        Suite operator()(const NoResult& none) const { return {"loadgen run", name, cases_of(none)}; }
    };
    return std::visit(Visitor{name}, stored.result);
}

std::string without_end(std::string text) {
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

} // namespace

void ReportFiles::write(const RegressionResult& result) const {
    write_junit(junit, std::vector{Suite{"loadgen regress", subject_of(result), cases_of(result)}});
    write_markdown(markdown, regression_markdown(result));
    write_html(html, {chapter_of(result)});
    annotate(result.has_verdict() && result.verdict == Verdict::as_expected,
             result.has_verdict() ? without_end(verdict_text(result)) : without_verdict(result));
}

void ReportFiles::write(const RunResult& result, std::span<const Rule> rules) const {
    const std::vector<Case> cases = cases_of(result, rules);
    write_junit(junit,
                std::vector{Suite{"loadgen run", subject_of(result.info.label, result.info.url), cases}});
    write_markdown(markdown, run_markdown(result));
    write_html(html, {chapter_of(result, rules)});
    std::string sentences;
    for (const Case& one : cases)
        if (one.trouble)
            sentences += one.trouble->message + "\n";
    if (!rules.empty() || !sentences.empty())
        annotate(sentences.empty(), sentences.empty() ? "no gate failed" : without_end(sentences));
}

void ReportFiles::write(const ComparisonResult& result) const {
    write_junit(junit, std::vector{Suite{"loadgen compare", result.inputs, cases_of(result)}});
    if (!markdown.empty())
        write_to(markdown, comparison_markdown(result), std::ios::trunc);
    write_html(html, {chapter_of(result)});
}

void ReportFiles::write(std::span<const StoredResult> results) const {
    const std::vector<std::string> names = names_of(results);
    std::vector<Suite> suites;
    std::string text;
    std::vector<Chapter> chapters;
    for (std::size_t i = 0; i < results.size(); ++i) {
        suites.push_back(suite_of(results[i], names[i]));
        text += i == 0 ? "" : "\n";
        text += stored_markdown(results[i]);
        if (!html.empty())
            chapters.push_back(chapter_of(results[i], names[i]));
    }
    write_junit(junit, suites);
    if (!markdown.empty())
        write_to(markdown, text, std::ios::trunc);
    if (html.empty())
        return;
    Page page = page_of(std::move(chapters));
    if (results.size() > 1)
        page.overview = overview_of(results);
    write_to(html, loadgen::html(page), std::ios::trunc);
}

void ReportFiles::write(std::string_view command, const NoResult& none) const {
    write_junit(junit, std::vector{Suite{command, none.subject, cases_of(none)}});
    write_markdown(markdown, no_markdown(none));
    write_html(html, {chapter_of(none)});
    annotate(false, none.ended.sentence());
}

} // namespace loadgen
