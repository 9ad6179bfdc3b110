// What a chapter says first: the verdict in a word and a sentence, and what else is to be said of it.
#pragma once

#include "report/html/page.hpp"
#include "report/result.hpp"
#include "verdict/gate.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

/// A chapter with its badge, its sentence and its first paragraphs.
Chapter headed(const RegressionResult& result);
/// `rules`: what the run was to keep.
Chapter headed(const RunResult& result, std::span<const Rule> rules);

/// Of each faulty variant one sentence, where it differs from all fixed ones; else a line for each pair.
std::vector<std::string> comparisons(const RegressionResult& result);

std::vector<std::string> lines_of(std::string_view text);
void append(std::vector<std::string> more, std::vector<std::string>& lines);
std::string capitalised(std::string text);
/// Capitalised, and with its full stop.
std::string as_sentence(std::string text);

/// Of what did not come to its end, or has no verdict for another reason.
Tone tone_of(const RunEnding& ended);

} // namespace loadgen
