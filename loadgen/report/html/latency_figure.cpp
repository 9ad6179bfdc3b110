#include "report/html/latency_figure.hpp"

#include "report/html/scale.hpp"
#include "report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace loadgen {
namespace {

constexpr double left = 56;
constexpr double right = Drawing::width - 12;
constexpr double top = 14;
constexpr double bottom = 230;
constexpr double legend_height = 20;
constexpr std::size_t steps = 160; // of a line

// Each nine more is as far as the last one: 0 stands for 0 %, 1 for 90 %, 2 for 99 %.
double fraction_at(double nines) {
    return 1 - std::pow(10, -nines);
}

// The last percentile of which so many values say anything.
double most_nines(const Series& one) {
    return std::log10(static_cast<double>(std::max<std::uint64_t>(one.latency.count(), 2)));
}

// On the axis, which has no zero. Only of those that have answers.
double microseconds(const Series& one, double fraction) {
    const auto time = one.latency.quantile(fraction);
    return time ? std::max(1.0, static_cast<double>(time->count())) : 1.0;
}

struct Range {
    double fastest = 1e12;
    double slowest = 1;
    double nines = 1;
};

Range range_of(std::span<const Series> series) {
    Range range;
    for (const Series& one : series) {
        if (one.latency.count() == 0)
            continue;
        range.fastest = std::min(range.fastest, microseconds(one, 0));
        range.slowest = std::max(range.slowest, microseconds(one, 1));
        range.nines = std::max(range.nines, most_nines(one));
    }
    return range;
}

std::string percentile_name(double nines) {
    return fmt::format("p{:g}", 100 * fraction_at(nines));
}

void draw_axes(Drawing& drawing, const Scale& x, const Scale& y) {
    for (const double time : powers_of_ten(y.first(), y.last())) {
        drawing.line({left, y(time)}, {right, y(time)}, {.ink = Ink::grid});
        drawing.text({left - 6, y(time) + 4}, brief(std::chrono::microseconds(std::llround(time))),
                     Ink::muted, Anchor::end);
    }
    for (const double nines : {std::log10(2), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0}) {
        if (nines > x.last())
            break;
        drawing.line({x(nines), top}, {x(nines), bottom}, {.ink = Ink::grid});
        drawing.text({x(nines), bottom + 16}, percentile_name(nines), Ink::muted,
                     x(nines) > right - 20 ? Anchor::end : Anchor::middle);
    }
}

void draw_line(Drawing& drawing, const Scale& x, const Scale& y, const Series& one, std::string_view dashes) {
    std::vector<Point> points;
    const double end = most_nines(one);
    for (std::size_t i = 0; i <= steps; ++i) {
        const double nines = end * static_cast<double>(i) / static_cast<double>(steps);
        const double height = y(microseconds(one, i == steps ? 1 : fraction_at(nines)));
        points.push_back({x(nines), height});
    }
    drawing.path(points, {.ink = one.ink(), .width = 2, .dashes = dashes});
}

std::vector<std::string> table_row(const Series& one) {
    std::vector<std::string> row = {one.label, grouped(one.latency.count())};
    for (const double fraction : {0.5, 0.9, 0.99, 0.999, 1.0})
        row.push_back(brief(one.latency.quantile(fraction)));
    return row;
}

} // namespace

std::optional<Figure> latency_figure(std::span<const Series> series) {
    const auto lines = static_cast<std::size_t>(std::count_if(
        series.begin(), series.end(), [](const Series& one) { return one.latency.count() > 0; }));
    if (lines == 0)
        return std::nullopt;
    Figure figure{
        .title = "How long answers took",
        .remark = "Every percentile, from the fastest answer to the slowest. Our own send delay is left out.",
        .picture = {},
        .table = {{"", "answers", "p50", "p90", "p99", "p99.9", "max"}}};
    Drawing drawing(bottom + 30 + static_cast<double>(lines) * legend_height, figure.title, figure.remark);
    const Range range = range_of(series);
    const Scale x(Scale::Kind::linear, 0, range.nines, left, right);
    const double fastest = std::pow(10, std::floor(std::log10(range.fastest)));
    const double slowest = std::pow(10, std::ceil(std::log10(std::max(range.slowest, fastest * 1.01))));
    const Scale y(Scale::Kind::logarithmic, fastest, slowest, bottom, top);
    draw_axes(drawing, x, y);
    std::size_t drawn = 0;
    for (const Series& one : series) {
        figure.table.push_back(table_row(one));
        if (one.latency.count() == 0)
            continue;
        draw_line(drawing, x, y, one, dashes_of(drawn));
        const double height = bottom + 38 + static_cast<double>(drawn) * legend_height;
        drawing.line({left, height - 4}, {left + 34, height - 4},
                     {.ink = one.ink(), .width = 2, .dashes = dashes_of(drawn)});
        drawing.text({left + 42, height}, fitted(one.label, right - left - 130));
        drawing.text({right, height}, fmt::format("p99 {}", brief(one.latency.quantile(0.99))), Ink::muted,
                     Anchor::end);
        ++drawn;
    }
    figure.picture = drawing.svg();
    return figure;
}

} // namespace loadgen
