// A result as Markdown, for a pull request or a job's summary: GitHub's and GitLab's tables. Its size does
// not grow with the load.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

std::string run_markdown(const RunResult& result);
std::string regression_markdown(const RegressionResult& result);

std::string comparison_markdown(const ComparisonResult& result);

std::string no_markdown(const NoResult& none);

/// The same of what was read back: what is not stored is said.
std::string stored_markdown(const StoredResult& stored);

} // namespace loadgen
