#include "report/html/evidence_figure.hpp"

#include "report/html/scale.hpp"
#include "report/html/series.hpp"
#include "report/numbers.hpp"
#include "verdict/evidence.hpp"
#include "verdict/standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace loadgen {
namespace {

constexpr double left = 56;
constexpr double right = Drawing::width - 12;
constexpr double top = 14;
constexpr double bottom = 190;
constexpr double legend_height = 20;
constexpr double legend_top = bottom + 54;
constexpr std::size_t most_points = 150;
constexpr double headroom = 1.3; // drawn above what decides; evidence grows far beyond

using Points = std::vector<EvidencePoint>;

/// One claim about a variant.
struct Line {
    std::string claim;
    Ink ink;
    const Points* course;
    double EvidencePoint::*value;
};

std::vector<Line> lines_of(const RegressionResult& result, const std::vector<Points>& courses) {
    const bool lost = result.claim.counted == Counted::lost;
    std::vector<Line> lines;
    for (std::size_t i = 0; i < courses.size(); ++i) {
        const VariantFinding& finding = result.variants[i].finding;
        const bool faulty = finding.expectation == Expectation::faulty;
        const std::string_view claim =
            faulty ? (lost ? "loses more than the fixed" : "resets more than the fixed")
                   : "stays below the limit";
        lines.push_back({fmt::format("{}: {}", finding.label, claim), faulty ? Ink::reset : Ink::data,
                         &courses[i], &EvidencePoint::expected});
        if (std::any_of(courses[i].begin(), courses[i].end(),
                        [](const EvidencePoint& point) { return point.contrary > 0; }))
            lines.push_back({fmt::format("{}: is above the limit", finding.label), Ink::reset, &courses[i],
                             &EvidencePoint::contrary});
    }
    return lines;
}

std::string factor(double logarithm) {
    return grouped(static_cast<std::uint64_t>(std::llround(std::min(std::exp(logarithm), 1e12))));
}

void draw_axes(Drawing& drawing, const Scale& x, const Scale& y, double enough) {
    for (double power = 0; power <= y.last(); power += std::numbers::ln10) {
        drawing.line({left, y(power)}, {right, y(power)}, {.ink = Ink::grid});
        drawing.text({left - 6, y(power) + 4}, factor(power), Ink::muted, Anchor::end);
    }
    for (const double attempts : round_values(0, x.last(), 5))
        drawing.text({x(attempts), bottom + 16}, grouped(static_cast<std::uint64_t>(attempts)), Ink::muted,
                     attempts == 0              ? Anchor::start
                     : x(attempts) > right - 24 ? Anchor::end
                                                : Anchor::middle);
    drawing.text({right, bottom + 32}, "attempts of the variant", Ink::muted, Anchor::end);
    drawing.line({left, y(enough)}, {right, y(enough)}, {.ink = Ink::text, .width = 1.5, .dashes = "5 4"});
    drawing.text({left + 6, y(enough) - 6}, "enough to decide");
}

void draw_line(Drawing& drawing, const Scale& x, const Scale& y, const Line& line, std::string_view dashes) {
    std::vector<Point> points = {{x(0), y(0)}};
    for (const EvidencePoint& point : *line.course) {
        points.push_back({x(static_cast<double>(point.attempts)), y(point.*line.value)});
        if (point.*line.value >= y.last()) // it goes on outside
            break;
    }
    drawing.path(points, {.ink = line.ink, .width = 2, .dashes = dashes});
}

// Where it became enough, or nothing.
std::string decided_after(const Line& line, double enough) {
    for (const EvidencePoint& point : *line.course)
        if (point.*line.value >= enough)
            return grouped(point.attempts);
    return "-";
}

std::vector<std::string> table_row(const Line& line, double enough) {
    const double value = line.course->empty() ? 0 : line.course->back().*line.value;
    const double reached = value / std::numbers::ln10;
    return {line.claim, line.course->empty() ? "0" : grouped(line.course->back().attempts),
            reached < 6 ? fmt::format("{:.3g}", std::exp(value)) : fmt::format("10^{:.0f}", reached),
            decided_after(line, enough)};
}

} // namespace

std::optional<Figure> evidence_figure(const RegressionResult& result) {
    if (result.claim.looks == Looks::once || result.claim.max_reset_rate == 0)
        return std::nullopt;
    std::vector<VariantCounts> counts;
    for (const VariantResult& variant : result.variants)
        counts.push_back({.label = variant.finding.label,
                          .expectation = variant.finding.expectation,
                          .blocks = variant.blocks,
                          .lost = {}});
    const std::vector<Points> courses = evidence_course(counts, result.claim, most_points);
    const std::vector<Line> lines = lines_of(result, courses);
    const double enough = decisive(result.claim.confidence);
    double attempts = 1;
    for (const Points& course : courses)
        if (!course.empty())
            attempts = std::max(attempts, static_cast<double>(course.back().attempts));

    Figure figure{.title = "Evidence, as the attempts came in",
                  .remark = fmt::format("How many times better the counts fit each claim than its contrary. "
                                        "{} is enough: a claim that is false gets there with a chance of at "
                                        "most {}, however often one looks.",
                                        factor(enough), percent(1 - result.claim.confidence)),
                  .picture = {},
                  .table = {{"claim", "attempts", "evidence", "decided after"}}};
    Drawing drawing(legend_top - 8 + static_cast<double>(lines.size()) * legend_height, figure.title,
                    figure.remark);
    const Scale x(Scale::Kind::linear, 0, attempts, left, right);
    const Scale y(Scale::Kind::linear, 0, headroom * enough, bottom, top);
    draw_axes(drawing, x, y, enough);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        draw_line(drawing, x, y, lines[i], dashes_of(i));
        const double height = legend_top + static_cast<double>(i) * legend_height;
        drawing.line({left, height - 4}, {left + 34, height - 4},
                     {.ink = lines[i].ink, .width = 2, .dashes = dashes_of(i)});
        drawing.text({left + 42, height}, fitted(lines[i].claim, right - left - 42));
        figure.table.push_back(table_row(lines[i], enough));
    }
    figure.picture = drawing.svg();
    return figure;
}

} // namespace loadgen
