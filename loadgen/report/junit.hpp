// JUnit XML, for CI systems that show tests: what testmoapp/junitxml and Jenkins' junit-10.xsd have in
// common, since nobody ever wrote a schema for all.
#pragma once

#include "report/result.hpp"
#include "verdict/gate.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

/// Why a case did not pass.
struct Trouble {
    bool is_error = false; ///< the measurement itself: invalid, or interrupted; else a failure
    std::string type;      ///< gate, inconclusive, invalid or interrupted
    std::string message;   ///< one sentence: GitLab shows the text below, others this
    std::string text;
};

/// No two of one suite may have the same name: GitLab drops the second.
struct Case {
    std::string name;
    double seconds = 0;
    std::optional<Trouble> trouble;
};

/// The cases of one result.
struct Suite {
    std::string name;
    std::vector<Case> cases;
};

/// A whole file.
std::string junit(std::span<const Suite> suites);

/// Of a regression: a case for each variant and what is claimed of it.
std::vector<Case> cases_of(const RegressionResult& result);

/// Of a run: a case for each rule or, without any, one that it was measured.
std::vector<Case> cases_of(const RunResult& result, std::span<const Rule> rules);

/// Of a comparison: a case for each series that is held against the baseline.
std::vector<Case> cases_of(const ComparisonResult& result);

/// Of a measurement that says nothing of the server, or that was cut off.
std::vector<Case> case_of(std::string_view type, std::string_view sentence);

} // namespace loadgen
