// A result as Markdown, for a pull request or a job's summary: GitHub's and GitLab's tables. Its size does
// not grow with the load.
#pragma once

#include "report/result.hpp"

#include <string>

namespace loadgen {

std::string run_markdown(const RunResult& result);
std::string regression_markdown(const RegressionResult& result);

std::string comparison_markdown(const ComparisonResult& result);

/// A measurement that says nothing of the server.
std::string invalid_markdown(const std::string& sentence);

} // namespace loadgen
