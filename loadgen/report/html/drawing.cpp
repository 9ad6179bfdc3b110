#include "report/html/drawing.hpp"

#include "report/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace loadgen {
namespace {

struct Colour {
    std::string_view name;
    std::string_view light;
    std::string_view dark;
};

// Against its ground each has a contrast of 4.5 at least, but for the grid (WCAG 2.2, 1.4.3).
constexpr std::array<Colour, 6> colours = {{
    {"text", "#1c2128", "#e6e9ed"},
    {"muted", "#57606a", "#a3adb8"},
    {"grid", "#d5dae0", "#39414b"},
    {"reset", "#b42318", "#ff9389"},
    {"loss", "#8a5a00", "#e3b341"},
    {"data", "#1f5fbf", "#82b4ff"},
}};

const Colour& colour_of(Ink ink) {
    return colours.at(static_cast<std::size_t>(ink));
}

std::string stroke_attributes(const Stroke& stroke) {
    std::string text = fmt::format(R"(class="s-{}" stroke="{}" stroke-width="{:g}" fill="none")",
                                   class_of(stroke.ink), light_colour(stroke.ink), stroke.width);
    if (!stroke.dashes.empty())
        text += fmt::format(R"( stroke-dasharray="{}")", stroke.dashes);
    return text;
}

std::string fill_attributes(Ink ink) {
    return fmt::format(R"(class="f-{}" fill="{}")", class_of(ink), light_colour(ink));
}

constexpr std::string_view name(Anchor anchor) {
    return anchor == Anchor::start ? "start" : anchor == Anchor::middle ? "middle" : "end";
}

} // namespace

std::string fitted(std::string_view words, double width) {
    constexpr double letter = 7.6; // of 13 pixels' type, on average
    const auto most = static_cast<std::size_t>(std::max(8.0, width / letter));
    if (words.size() <= most)
        return std::string(words);
    // Not within a letter that takes several bytes.
    const auto is_inside = [&](std::size_t at) {
        return at < words.size() && (static_cast<unsigned char>(words[at]) & 0xC0U) == 0x80U;
    };
    std::size_t head = (most - 1) / 2;
    while (is_inside(head))
        --head;
    std::size_t tail = words.size() - (most - 1 - (most - 1) / 2);
    while (is_inside(tail))
        ++tail;
    return std::string(words.substr(0, head)) + "…" + std::string(words.substr(tail));
}

std::string_view class_of(Ink ink) {
    return colour_of(ink).name;
}

std::string_view light_colour(Ink ink) {
    return colour_of(ink).light;
}

std::string_view dark_colour(Ink ink) {
    return colour_of(ink).dark;
}

Drawing::Drawing(double height, std::string_view title, std::string_view description)
    : height_(height),
      head_(fmt::format("<title>{}</title><desc>{}</desc>\n", xml_text(title), xml_text(description))) {}

void Drawing::line(Point from, Point to, const Stroke& stroke) {
    body_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", from.x,
                         from.y, to.x, to.y, stroke_attributes(stroke));
}

void Drawing::path(std::span<const Point> points, const Stroke& stroke) {
    if (points.empty())
        return;
    body_ += R"(<path d=")";
    for (std::size_t i = 0; i < points.size(); ++i)
        body_ += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", points[i].x, points[i].y);
    body_ += fmt::format("\" stroke-linejoin=\"round\" {}/>\n", stroke_attributes(stroke));
}

void Drawing::bar(Point corner, Size size, Ink ink, double opacity) {
    body_ += fmt::format(R"(<rect x="{:.2f}" y="{:.1f}" width="{:.2f}" height="{:.1f}" {})", corner.x,
                         corner.y, size.width, size.height, fill_attributes(ink));
    if (opacity < 1)
        body_ += fmt::format(R"( fill-opacity="{:g}")", opacity);
    body_ += "/>\n";
}

void Drawing::dot(Point centre, Ink ink, bool filled) {
    body_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" {}/>\n", centre.x, centre.y,
                         filled ? fill_attributes(ink) : stroke_attributes({.ink = ink, .width = 1.5}));
}

void Drawing::text(Point at, std::string_view words, Ink ink, Anchor anchor) {
    body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" {}>{}</text>\n", at.x, at.y,
                         name(anchor), fill_attributes(ink), xml_text(words));
}

std::string Drawing::svg() const {
    return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {:g} {:g}" width="560" )"
                       "role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n{}{}</svg>\n",
                       width, height_, head_, body_);
}

} // namespace loadgen
