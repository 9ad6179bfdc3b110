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
    std::vector<std::string> names;
    for (const StoredResult& stored : results) {
        const auto* const run = std::get_if<RunResult>(&stored.result);
        std::string name =
            run == nullptr ? stored.folder : fmt::format("{}: {}", stored.folder, run->info.label);
        std::size_t number = 1;
        const std::string stem = name;
        while (std::find(names.begin(), names.end(), name) != names.end())
            name = fmt::format("{} ({})", stem, ++number);
        names.push_back(std::move(name));
    }
    return names;
}

std::string without_end(std::string text) {
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

} // namespace

void ReportFiles::write(const RegressionResult& result) const {
    write_junit(junit, std::vector{Suite{"loadgen regress", cases_of(result)}});
    write_markdown(markdown, regression_markdown(result));
    write_html(html, {chapter_of(result)});
    annotate(result.is_whole() && result.verdict == Verdict::as_expected,
             result.is_whole() ? without_end(verdict_text(result)) : "interrupted, without a verdict");
}

void ReportFiles::write(const RunResult& result, std::span<const Rule> rules) const {
    const std::vector<Case> cases = cases_of(result, rules);
    write_junit(junit, std::vector{Suite{"loadgen run", cases}});
    write_markdown(markdown, run_markdown(result));
    write_html(html, {chapter_of(result, rules)});
    std::string sentences;
    for (const Case& one : cases)
        if (one.trouble)
            sentences += one.trouble->message + "\n";
    if (!rules.empty())
        annotate(sentences.empty(), sentences.empty() ? "no gate failed" : without_end(sentences));
}

void ReportFiles::write(const ComparisonResult& result) const {
    write_junit(junit, std::vector{Suite{"loadgen compare", cases_of(result)}});
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
        text += i == 0 ? "" : "\n";
        if (const auto* const regression = std::get_if<RegressionResult>(&results[i].result)) {
            suites.push_back({"loadgen regress " + names[i], cases_of(*regression)});
            text += regression_markdown(*regression);
        } else {
            const auto& run = std::get<RunResult>(results[i].result);
            suites.push_back({"loadgen run " + names[i], cases_of(run, {})});
            text += run_markdown(run);
        }
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

void ReportFiles::write_none(const std::string& type, const std::string& sentence) const {
    write_junit(junit, std::vector{Suite{"loadgen", case_of(type, sentence)}});
    write_markdown(markdown, invalid_markdown(sentence));
    write_html(html, {chapter_of(type, sentence)});
    annotate(false, sentence);
}

} // namespace loadgen
