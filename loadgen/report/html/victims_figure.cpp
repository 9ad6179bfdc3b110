#include "report/html/victims_figure.hpp"

#include "report/html/drawing.hpp"
#include "report/html/scale.hpp"
#include "report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace loadgen {
namespace {

constexpr double left = 12;
constexpr double right = Drawing::width - 12;
constexpr double row_height = 44;
constexpr std::size_t most_rows = 10; // the table has all

} // namespace

std::optional<Figure> victims_figure(std::span<const ThreadStart> starts) {
    if (starts.empty())
        return std::nullopt;
    std::vector<ThreadStart> sorted(starts.begin(), starts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const ThreadStart& a, const ThreadStart& b) { return a.victims > b.victims; });
    Figure figure{
        .title = "Threads whose exit reset connections",
        .remark = "What the host saw: connections that were lost when a thread ended, by where that thread "
                  "began.",
        .picture = {},
        .table = {{"thread began at", "connections"}}};
    const std::size_t drawn = std::min(sorted.size(), most_rows);
    Drawing drawing(static_cast<double>(drawn) * row_height + 6, figure.title, figure.remark);
    const Scale x(Scale::Kind::linear, 0, static_cast<double>(sorted.front().victims), 0, right - left);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        figure.table.push_back({sorted[i].place, grouped(sorted[i].victims)});
        if (i >= drawn)
            continue;
        const double top = static_cast<double>(i) * row_height;
        drawing.text({left, top + 14}, fitted(sorted[i].place, right - left - 60));
        drawing.text({right, top + 14}, grouped(sorted[i].victims), Ink::text, Anchor::end);
        drawing.bar({left, top + 21}, {std::max(1.0, x(static_cast<double>(sorted[i].victims))), 10},
                    Ink::reset);
    }
    if (drawn < sorted.size())
        figure.remark += fmt::format(" The first {} of {} are drawn.", drawn, sorted.size());
    figure.picture = drawing.svg();
    return figure;
}

} // namespace loadgen
