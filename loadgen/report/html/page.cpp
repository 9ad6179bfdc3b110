#include "report/html/page.hpp"

#include "report/html/style.hpp"
#include "report/xml.hpp"

#include <fmt/format.h>

namespace loadgen {
namespace {

std::string_view class_of(Tone tone) {
    switch (tone) {
    case Tone::good:
        return "good";
    case Tone::bad:
        return "bad";
    case Tone::open:
        return "open";
    case Tone::plain:
        break;
    }
    return "plain";
}

std::string paragraphs(const std::vector<std::string>& all) {
    std::string text;
    for (const std::string& one : all)
        text += fmt::format("<p>{}</p>\n", xml_text(one));
    return text;
}

std::string table(const TableRows& rows) {
    std::string text = "<div class=\"wide\"><table cellpadding=\"4\">\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        text += i == 0 ? "<thead><tr>" : "<tr>";
        for (std::size_t column = 0; column < rows[i].size(); ++column) {
            const std::string_view side = column == 0 ? "left" : "right";
            const bool heads = i == 0 || column == 0;
            text += fmt::format(R"(<{0} align="{1}"{2}>{3}</{0}>)", heads ? "th" : "td", side,
                                heads ? i == 0 ? R"( scope="col")" : R"( scope="row")" : "",
                                xml_text(rows[i][column]));
        }
        text += i == 0 ? "</tr></thead><tbody>\n" : "</tr>\n";
    }
    return text + "</tbody></table></div>\n";
}

std::string figure(const Figure& one) {
    std::string text =
        fmt::format("<figure>\n<figcaption><h3>{}</h3><p>{}</p></figcaption>\n<div class=\"wide\">{}</div>\n",
                    xml_text(one.title), xml_text(one.remark), one.picture);
    if (!one.table.empty())
        text += fmt::format("<details><summary>the numbers</summary>\n{}</details>\n", table(one.table));
    return text + "</figure>\n";
}

std::string figures(const std::vector<Figure>& all) {
    if (all.empty())
        return {};
    std::string text = "<div class=\"figures\">\n";
    for (const Figure& one : all)
        text += figure(one);
    return text + "</div>\n";
}

std::string facts(const Chapter& chapter) {
    if (chapter.facts.empty())
        return {};
    std::string text = "<h2>How it was measured</h2>\n<dl>\n";
    for (const auto& [what, value] : chapter.facts)
        text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", xml_text(what), xml_text(value));
    text += "</dl>\n";
    if (!chapter.command_line.empty())
        text += fmt::format("<p>To measure it again:</p>\n<pre>{}</pre>\n", xml_text(chapter.command_line));
    return text;
}

std::string chapter_html(const Chapter& chapter) {
    std::string text = fmt::format("<section class=\"chapter\">\n<p><span class=\"badge {}\">{}</span>",
                                   class_of(chapter.tone), xml_text(chapter.badge));
    if (!chapter.name.empty())
        text += fmt::format(R"( <span class="name">{}</span>)", xml_text(chapter.name));
    text += fmt::format("</p>\n<h1>{}</h1>\n{}", xml_text(chapter.sentence), paragraphs(chapter.paragraphs));
    if (!chapter.table.empty())
        text += table(chapter.table);
    return text + figures(chapter.figures) + facts(chapter) + "</section>\n";
}

} // namespace

std::string html(const Page& page) {
    std::string text = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
        "<style>\n{}</style>\n</head>\n<body>\n",
        xml_text(page.title), style_sheet());
    if (!page.overview.empty())
        text += fmt::format("<h1>{}</h1>\n{}", xml_text(page.title), figures(page.overview));
    for (const Chapter& chapter : page.chapters)
        text += chapter_html(chapter);
    return text + "<footer>Made by loadgen.</footer>\n</body>\n</html>\n";
}

} // namespace loadgen
