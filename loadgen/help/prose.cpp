#include "help/prose.hpp"

namespace loadgen {

std::vector<std::string> single_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

std::vector<Paragraph> paragraphs(std::string_view prose) {
    constexpr std::string_view gap = "  ";
    std::vector<Paragraph> all;
    for (const std::string& line : single_lines(prose)) {
        if (!line.starts_with(gap)) {
            all.push_back({ParagraphKind::text, {}, line});
            continue;
        }
        const std::string text = line.substr(gap.size());
        const auto space = text.find(' ');
        if (space == 0 || space == std::string::npos || text.compare(space, gap.size(), gap) != 0)
            all.push_back({ParagraphKind::example, {}, text});
        else
            all.push_back({ParagraphKind::definition, text.substr(0, space),
                           text.substr(text.find_first_not_of(' ', space))});
    }
    return all;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (text.size() > width) {
        auto space = text.rfind(' ', width);
        if (space == std::string_view::npos)
            space = text.find(' ');
        if (space == std::string_view::npos)
            break;
        lines.emplace_back(text.substr(0, space));
        text.remove_prefix(space + 1);
    }
    lines.emplace_back(text);
    return lines;
}

} // namespace loadgen
