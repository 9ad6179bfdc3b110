#include "report/html/rate_figure.hpp"

#include "report/html/scale.hpp"
#include "report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace loadgen {
namespace {

constexpr double left = 12;
constexpr double right = Drawing::width - 12;
constexpr double row_height = 46;
constexpr double top = 26;

// What no attempt was made for says nothing.
bool is_drawn(const Series& one) {
    return one.count.trials > 0;
}

// A power of ten below everything that is drawn.
double lowest_rate(std::span<const Series> series, std::optional<double> limit) {
    double lowest = limit && *limit > 0 ? *limit : 0.1;
    for (const Series& one : series)
        if (is_drawn(one))
            lowest = std::min(lowest, one.interval.low > 0 ? one.interval.low : one.interval.high);
    return std::pow(10, std::floor(std::log10(std::clamp(lowest, 1e-7, 0.1)) - 0.01));
}

std::string measured(const Series& one) {
    return fmt::format("{} of {}", grouped(one.count.events), grouped(one.count.trials));
}

std::string interval_text(const Series& one) {
    return one.count.events == 0
               ? fmt::format("at most {}", percent(one.interval.high))
               : fmt::format("{} to {}", percent(one.interval.low), percent(one.interval.high));
}

void draw_axis(Drawing& drawing, const Scale& x, double y) {
    for (const double rate : powers_of_ten(x.first(), x.last())) {
        const Anchor anchor = rate <= x.first() * 1.01  ? Anchor::start
                              : rate >= x.last() * 0.99 ? Anchor::end
                                                        : Anchor::middle;
        drawing.text({x(rate), y}, percent(rate), Ink::muted, anchor);
    }
}

// Behind a row's bar only: no line crosses words.
void draw_lines(Drawing& drawing, const Scale& x, std::optional<double> limit, double middle) {
    for (const double rate : powers_of_ten(x.first(), x.last()))
        drawing.line({x(rate), middle - 9}, {x(rate), middle + 9}, {.ink = Ink::grid});
    if (limit)
        drawing.line({x(*limit), middle - 11}, {x(*limit), middle + 11},
                     {.ink = Ink::text, .width = 1.5, .dashes = "4 3"});
}

void draw_row(Drawing& drawing, const Scale& x, std::optional<double> limit, const Series& one, double y) {
    const std::string value =
        is_drawn(one) ? fmt::format("{} ({})", percent(one.count.rate()), measured(one)) : "no attempts";
    drawing.text({left, y}, fitted(one.label, right - left - 8.0 * static_cast<double>(value.size())));
    drawing.text({right, y}, value, Ink::text, Anchor::end);
    const double middle = y + 18;
    draw_lines(drawing, x, limit, middle);
    if (!is_drawn(one))
        return;
    const double from = x(one.interval.low);
    const double to = x(one.interval.high);
    drawing.line({from, middle}, {to, middle}, {.ink = one.ink(), .width = 3});
    drawing.line({to, middle - 5}, {to, middle + 5}, {.ink = one.ink(), .width = 2});
    if (one.count.events == 0) { // the axis has no zero: it goes on to the left
        drawing.path(std::vector<Point>{{from + 6, middle - 5}, {from, middle}, {from + 6, middle + 5}},
                     {.ink = one.ink(), .width = 2});
        return;
    }
    drawing.line({from, middle - 5}, {from, middle + 5}, {.ink = one.ink(), .width = 2});
    drawing.dot({x(one.count.rate()), middle}, one.ink());
}

std::string described(std::span<const Series> series) {
    std::string text;
    for (const Series& one : series)
        text += fmt::format("{}: {}, {}. ", one.label, measured(one), interval_text(one));
    return text;
}

} // namespace

Figure rate_figure(std::span<const Series> series, std::optional<double> limit, double confidence,
                   std::string_view counted) {
    const std::string title = counted == "lost" ? "Attempts that were lost" : "Attempts that were reset";
    if (limit && *limit <= 0)
        limit.reset();
    const double bottom = top + static_cast<double>(series.size()) * row_height;
    Drawing drawing(bottom + 24, title, described(series));
    const Scale x(Scale::Kind::logarithmic, lowest_rate(series, limit), 1, left, right);
    draw_axis(drawing, x, bottom + 14);
    if (limit)
        drawing.text({x(*limit), 13}, fmt::format("allowed: {}", percent(*limit)), Ink::text,
                     x(*limit) < Drawing::width / 8 ? Anchor::start : Anchor::middle);
    Figure figure{.title = title, .remark = {}, .picture = {}, .table = {}};
    figure.table.push_back({"", "attempts", std::string(counted), "share", percent(confidence) + " bounds"});
    for (std::size_t i = 0; i < series.size(); ++i) {
        const Series& one = series[i];
        draw_row(drawing, x, limit, one, top + static_cast<double>(i) * row_height + 12);
        figure.table.push_back({one.label, grouped(one.count.trials), grouped(one.count.events),
                                percent(one.count.rate()), interval_text(one)});
    }
    figure.picture = drawing.svg();
    figure.remark =
        fmt::format("The share of attempts; each step of the scale is ten times the last. A bar reaches "
                    "from the lowest to the highest rate that the counts allow, each with {} confidence. "
                    "Where it ends in an arrow, none was seen.",
                    percent(confidence));
    return figure;
}

} // namespace loadgen
