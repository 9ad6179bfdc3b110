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
    enum class Kind {
        failure,
        error,   ///< the measurement itself: invalid, or interrupted
        skipped, ///< nobody judged it
    };
    Kind kind = Kind::failure;
    std::string type;    ///< gate, inconclusive, invalid, interrupted or merged
    std::string message; ///< one sentence
    std::string details; ///< what stands behind it; the text of the file begins with the message
};

/// No two of one suite may have the same name: GitLab drops the second.
struct Case {
    std::string name;
    double seconds = 0;
    std::optional<Trouble> trouble;
};

/// The cases of one result. Its names have the subject in them, since readers take cases of one name for one:
/// a green one of another run would hide a red one. The class is the command alone: a full stop in it is a
/// package to some.
struct Suite {
    std::string_view command; ///< "loadgen run"
    std::string subject;      ///< of which run; empty: not known
    std::vector<Case> cases;
};

/// The label of a run, or its URL where nobody gave it a label. So the URL's path is none.
std::string subject_of(std::string_view label, std::string_view url);
/// Its label or, without one, the URL that the variants have in common, with their query if it is one.
std::string subject_of(const RegressionResult& result);

/// A whole file.
std::string junit(std::span<const Suite> suites);

/// Of a regression: a case for each variant and what is claimed of it.
std::vector<Case> cases_of(const RegressionResult& result);

/// Of a run: a case for each rule or, without any, one that it was measured.
std::vector<Case> cases_of(const RunResult& result, std::span<const Rule> rules);
/// Of one that is read back: its gates are not stored, and the case's name says so.
std::vector<Case> stored_cases_of(const RunResult& result);

/// Of a comparison: a case for each series that is held against the baseline.
std::vector<Case> cases_of(const ComparisonResult& result);

/// Of what came to nothing: a case that is red.
std::vector<Case> cases_of(const NoResult& none);

} // namespace loadgen
