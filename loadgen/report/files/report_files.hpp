// The files that other programs and people read after a command: --junit, --markdown and --html; in GitHub
// Actions the job's summary and an annotation besides.
#pragma once

#include "report/result.hpp"
#include "verdict/gate.hpp"

#include <span>
#include <string>
#include <string_view>

namespace loadgen {

struct ReportFiles {
    std::string junit;    ///< empty: none
    std::string markdown; ///< empty: none
    std::string html;     ///< empty: none

    bool has_any() const { return !junit.empty() || !markdown.empty() || !html.empty(); }

    // These throw OutputError if a file cannot be written.

    void write(const RegressionResult& result) const;
    /// `rules`: a case each.
    void write(const RunResult& result, std::span<const Rule> rules) const;
    /// The files only: nobody waits for its verdict.
    void write(const ComparisonResult& result) const;
    /// Several results that were stored, side by side. The files only.
    void write(std::span<const StoredResult> results) const;
    /// `command`: "loadgen run"; it came to nothing.
    void write(std::string_view command, const NoResult& none) const;
};

} // namespace loadgen
