#include "report/html/outcome_figure.hpp"

#include "report/html/heat.hpp"
#include "report/numbers.hpp"
#include "report/xml.hpp"
#include "verdict/rate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace loadgen {
namespace {

std::uint64_t failures_in(const Counters& counters, Phase phase) {
    std::uint64_t sum = 0;
    for (const Cause cause : all_causes)
        sum += counters.at({cause, phase});
    return sum;
}

// Phases that no attempt failed in are left out, the same ones for all.
std::vector<Phase> phases_of(std::span<const Outcomes> all) {
    std::vector<Phase> phases;
    for (const Phase phase : all_phases)
        if (std::any_of(all.begin(), all.end(),
                        [&](const Outcomes& one) { return failures_in(*one.counters, phase) > 0; }))
            phases.push_back(phase);
    return phases;
}

std::string cell(std::uint64_t count, std::uint64_t attempts) {
    if (count == 0)
        return R"(<td align="right" class="none">-</td>)";
    const Heat heat = heat_of(Count{count, attempts}.rate());
    return fmt::format(R"(<td align="right" class="{}" bgcolor="{}">{}</td>)", heat.name, heat.light,
                       grouped(count));
}

std::string table(const Outcomes& one, const std::vector<Phase>& phases) {
    const Counters& counters = *one.counters;
    std::string text =
        fmt::format(R"(<table cellpadding="4"><caption>{}</caption><thead><tr><th align="left">cause</th>)",
                    xml_text(one.label));
    for (const Phase phase : phases)
        text += fmt::format(R"(<th align="right">{}</th>)", name(phase));
    text += "</tr></thead><tbody>\n";
    for (const Cause cause : all_causes) {
        if (counters.of(cause) == 0)
            continue;
        text += fmt::format(R"(<tr><th scope="row" align="left">{}</th>)", name(cause));
        for (const Phase phase : phases)
            text += cell(counters.at({cause, phase}), counters.attempts);
        text += "</tr>\n";
    }
    return text + "</tbody></table>\n";
}

bool has_failures(const Outcomes& one) {
    return std::any_of(all_phases.begin(), all_phases.end(),
                       [&](Phase phase) { return failures_in(*one.counters, phase) > 0; });
}

} // namespace

std::optional<Figure> outcome_figure(std::span<const Outcomes> all) {
    const std::vector<Phase> phases = phases_of(all);
    if (phases.empty())
        return std::nullopt;
    Figure figure{
        .title = "How attempts failed",
        .remark = fmt::format("What ended them, by where they were in it. The darker, the larger the share "
                              "of attempts: from {} on, {}.",
                              percent(heat_limits().front()), heat_limits_text()),
        .picture = {},
        .table = {}};
    std::string without;
    for (const Outcomes& one : all)
        if (has_failures(one))
            figure.picture += table(one, phases);
        else
            without += (without.empty() ? "" : ", ") + one.label;
    if (!without.empty())
        figure.picture += fmt::format("<p class=\"f-muted\">Without a failure: {}.</p>\n", xml_text(without));
    return figure;
}

} // namespace loadgen
