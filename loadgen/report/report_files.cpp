#include "report/report_files.hpp"

#include "process/output_error.hpp"
#include "report/gate_text.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/verdict_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <system_error>

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

void write_junit(const std::string& path, std::string_view suite, std::span<const Case> cases) {
    if (!path.empty())
        write_to(path, junit(suite, cases), std::ios::trunc);
}

std::string without_end(std::string text) {
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

} // namespace

void ReportFiles::write(const RegressionResult& result) const {
    write_junit(junit, "loadgen regress", cases_of(result));
    write_markdown(markdown, regression_markdown(result));
    annotate(result.is_whole() && result.verdict == Verdict::as_expected,
             result.is_whole() ? without_end(verdict_text(result)) : "interrupted, without a verdict");
}

void ReportFiles::write(const RunResult& result, std::span<const Rule> rules) const {
    const std::vector<Case> cases = cases_of(result, rules);
    write_junit(junit, "loadgen run", cases);
    write_markdown(markdown, run_markdown(result));
    std::string sentences;
    for (const Case& one : cases)
        if (one.trouble)
            sentences += one.trouble->message + "\n";
    if (!rules.empty())
        annotate(sentences.empty(), sentences.empty() ? "no gate failed" : without_end(sentences));
}

void ReportFiles::write_none(const std::string& type, const std::string& sentence) const {
    write_junit(junit, "loadgen", case_of(type, sentence));
    write_markdown(markdown, invalid_markdown(sentence));
    annotate(false, sentence);
}

} // namespace loadgen
