// A picture as SVG. Colours stand in presentation attributes, so that it is right where style sheets are
// blocked, as in Jenkins' default content policy; the page's style sheet only changes them for dark screens.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace loadgen {

/// What is drawn, by what it means. Each has one colour, and no colour has two.
enum class Ink {
    text,
    muted, ///< axes' words and remarks
    grid,
    reset, ///< resets, and the variants that are expected to reset
    loss,  ///< lost, but not reset
    data,  ///< everything else that was measured
};

/// The style sheet's class, and the colour on white paper.
std::string_view class_of(Ink ink);
std::string_view light_colour(Ink ink);
std::string_view dark_colour(Ink ink);

struct Point {
    double x;
    double y;
};

struct Size {
    double width;
    double height;
};

struct Stroke {
    Ink ink = Ink::data;
    double width = 1;
    std::string_view dashes; ///< as SVG's stroke-dasharray; empty: none
};

/// Words that fit into so much of a drawing's width, with an ellipsis for what was cut out of their middle:
/// both ends tell names apart.
std::string fitted(std::string_view words, double width);

enum class Anchor { start, middle, end };

class Drawing {
  public:
    static constexpr double width = 480; ///< of every picture, in its own units: about a phone's pixels

    /// `title` and `description` are for those who cannot see it.
    Drawing(double height, std::string_view title, std::string_view description);

    void line(Point from, Point to, const Stroke& stroke);
    void path(std::span<const Point> points, const Stroke& stroke);
    /// opacity: 0 to 1.
    void bar(Point corner, Size size, Ink ink, double opacity = 1);
    void dot(Point centre, Ink ink, bool filled = true);
    void text(Point at, std::string_view words, Ink ink = Ink::text, Anchor anchor = Anchor::start);

    std::string svg() const;

  private:
    double height_;
    std::string head_;
    std::string body_;
};

} // namespace loadgen
