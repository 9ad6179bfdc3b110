#include "report/html/time_figure.hpp"

#include "report/html/scale.hpp"
#include "report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace loadgen {
namespace {

using Clock = std::chrono::system_clock;
using Seconds = std::chrono::duration<double>;

constexpr double left = 44;
constexpr double right = Drawing::width - 12;
constexpr double row_height = 64;
constexpr double plot_height = 34;
constexpr std::size_t most_rows = 12;   // the table has all
constexpr std::size_t most_bars = 400;  // a bar is as wide as a pixel then
constexpr std::size_t most_lines = 500; // of the table

/// Seconds that share a bar.
struct Bar {
    double from = 0; // in seconds since the first start of all
    double to = 0;
    Moment sum;

    Count share(std::uint64_t Moment::*what) const {
        return {std::min(sum.*what, sum.attempts), sum.attempts};
    }
};

struct Times {
    Clock::time_point first = Clock::time_point::max();
    Clock::time_point last = Clock::time_point::min();

    double since_first(Clock::time_point time) const { return Seconds(time - first).count(); }
    double length() const { return std::max(0.001, since_first(last)); }
};

Times times_of(std::span<const Series> series) {
    Times times;
    for (const Series& one : series)
        for (const Stretch& stretch : one.stretches) {
            times.first = std::min(times.first, stretch.started);
            times.last = std::max(
                times.last, stretch.started + std::chrono::duration_cast<Clock::duration>(stretch.elapsed));
        }
    return times;
}

std::vector<Bar> bars_of(const Stretch& stretch, const Times& times, std::size_t most) {
    const std::size_t together =
        std::max<std::size_t>(1, (stretch.seconds.size() + most - 1) / std::max<std::size_t>(most, 1));
    const double begin = times.since_first(stretch.started);
    const double end = begin + Seconds(stretch.elapsed).count();
    std::vector<Bar> bars;
    for (std::size_t i = 0; i < stretch.seconds.size(); i += together) {
        Bar bar{.from = begin + static_cast<double>(i),
                .to = std::min(end, begin + static_cast<double>(i + together)),
                .sum = {}};
        for (std::size_t second = i; second < std::min(i + together, stretch.seconds.size()); ++second) {
            bar.sum.attempts += stretch.seconds[second].attempts;
            bar.sum.resets += stretch.seconds[second].resets;
            bar.sum.lost += stretch.seconds[second].lost;
        }
        // What ended just after the load was over.
        bar.to = std::max(bar.to, bar.from + 0.01);
        bars.push_back(bar);
    }
    return bars;
}

/// How many bars a stretch may have: its part of the width.
std::size_t bars_for(const Stretch& stretch, const Times& times) {
    const double part = Seconds(stretch.elapsed).count() / times.length();
    return std::max<std::size_t>(1, static_cast<std::size_t>(part * static_cast<double>(most_bars)));
}

double highest_share(std::span<const Series> series, const Times& times) {
    double highest = 0;
    for (const Series& one : series)
        for (const Stretch& stretch : one.stretches)
            for (const Bar& bar : bars_of(stretch, times, bars_for(stretch, times)))
                highest =
                    std::max({highest, bar.share(&Moment::resets).rate(), bar.share(&Moment::lost).rate()});
    return highest > 0 ? std::min(1.0, round_up(highest)) : 0.01;
}

class Rows {
  public:
    Rows(Drawing& drawing, const Times& times, double highest)
        : drawing_(drawing),
          times_(times),
          x_(Scale::Kind::linear, 0, times.length(), left, right),
          highest_(highest) {}

    void draw(const Series& one, double top) {
        const double base = top + row_height - 8;
        const Scale y(Scale::Kind::linear, 0, highest_, base, base - plot_height);
        drawing_.text({left, base - plot_height - 7}, fitted(one.label, right - left));
        drawing_.text({left - 6, base - plot_height + 9}, percent(highest_), Ink::muted, Anchor::end);
        drawing_.text({left - 6, base}, "0", Ink::muted, Anchor::end);
        for (const Stretch& stretch : one.stretches)
            draw_stretch(stretch, y, base);
        drawing_.line({left, base}, {right, base}, {.ink = Ink::grid});
    }

    void draw_axis(double y) {
        for (const double second : round_values(0, times_.length(), 6)) {
            drawing_.line({x_(second), y - 10}, {x_(second), y - 5}, {.ink = Ink::muted});
            drawing_.text({x_(second), y + 8}, fmt::format("{:g} s", second), Ink::muted,
                          second == 0               ? Anchor::start
                          : x_(second) > right - 20 ? Anchor::end
                                                    : Anchor::middle);
        }
    }

  private:
    void draw_stretch(const Stretch& stretch, const Scale& y, double base) {
        const double begin = times_.since_first(stretch.started);
        const double from = x_(begin);
        const double to = x_(begin + Seconds(stretch.elapsed).count());
        drawing_.bar({from, base - plot_height}, {std::max(0.5, to - from), plot_height}, Ink::grid, 0.45);
        for (const Bar& bar : bars_of(stretch, times_, bars_for(stretch, times_))) {
            const double width = std::max(0.8, x_(bar.to) - x_(bar.from));
            for (const auto& [what, ink] :
                 {std::pair{&Moment::lost, Ink::loss}, {&Moment::resets, Ink::reset}})
                if (const double share = bar.share(what).rate(); share > 0)
                    drawing_.bar({x_(bar.from), y(share)}, {width, base - y(share)}, ink);
        }
    }

    Drawing& drawing_;
    const Times& times_;
    Scale x_;
    double highest_;
};

void add_lines(const Series& one, const Times& times, TableRows& table) {
    for (const Stretch& stretch : one.stretches)
        for (const Bar& bar : bars_of(stretch, times, one.stretches.size() == 1 ? 120 : 1)) {
            if (table.size() > most_lines)
                return;
            table.push_back({one.label, fmt::format("{:.1f}", bar.from),
                             fmt::format("{:.1f}", bar.to - bar.from), grouped(bar.sum.attempts),
                             grouped(bar.sum.resets), grouped(bar.sum.lost)});
        }
}

} // namespace

std::optional<Figure> time_figure(std::span<const Series> series) {
    if (std::all_of(series.begin(), series.end(), [](const Series& one) { return one.stretches.empty(); }))
        return std::nullopt;
    const Times times = times_of(series);
    const auto drawn = series.first(std::min(series.size(), most_rows));
    const double bottom = static_cast<double>(drawn.size()) * row_height + 10;
    Figure figure{.title = "Resets and losses over time",
                  .remark =
                      "The share of the attempts that ended in each second: reset, and behind it lost, which "
                      "shows where a loss was no reset. Grey: when it was loaded, block by block.",
                  .picture = {},
                  .table = {{"", "from second", "seconds", "attempts", "resets", "lost"}}};
    Drawing drawing(bottom + 12, figure.title, figure.remark);
    Rows rows(drawing, times, highest_share(series, times));
    for (std::size_t i = 0; i < drawn.size(); ++i)
        rows.draw(drawn[i], static_cast<double>(i) * row_height);
    rows.draw_axis(bottom);
    for (const Series& one : series)
        add_lines(one, times, figure.table);
    if (drawn.size() < series.size())
        figure.remark += fmt::format(" The first {} of {} are drawn.", drawn.size(), series.size());
    if (figure.table.size() > most_lines)
        figure.remark += fmt::format(" The table has the first {} blocks.", most_lines);
    figure.picture = drawing.svg();
    return figure;
}

} // namespace loadgen
