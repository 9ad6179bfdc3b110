// What a result says as a chapter of a page, and what several say side by side.
#pragma once

#include "report/html/page.hpp"
#include "report/result.hpp"
#include "verdict/gate.hpp"

#include <span>
#include <string>
#include <vector>

namespace loadgen {

/// With the figures that it has data for.
Chapter chapter_of(const RegressionResult& result);
/// `rules`: what it was to keep.
Chapter chapter_of(const RunResult& result, std::span<const Rule> rules);
Chapter chapter_of(const ComparisonResult& result);
/// `name`: how it is told from the others on the page.
Chapter chapter_of(const StoredResult& stored, std::string name);
Chapter chapter_of(const NoResult& none);

/// All rates, and all latencies, in a figure each.
std::vector<Figure> overview_of(std::span<const StoredResult> results);

/// A page of these chapters. Its title is the only one's sentence, or says how many there are.
Page page_of(std::vector<Chapter> chapters);

} // namespace loadgen
