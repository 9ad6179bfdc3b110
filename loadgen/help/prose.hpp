// Text as help has it, for every format to lay out: a line is a paragraph, however long. One that begins
// with two spaces is a definition, `  TERM  TEXT`, or else an example, which stays as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

enum class ParagraphKind { text, definition, example };

struct Paragraph {
    ParagraphKind kind = ParagraphKind::text;
    std::string term; ///< of a definition
    std::string text;
};

std::vector<Paragraph> paragraphs(std::string_view prose);

std::vector<std::string> single_lines(std::string_view text);

/// Lines of at most so many bytes, broken at spaces; a longer word has a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

} // namespace loadgen
