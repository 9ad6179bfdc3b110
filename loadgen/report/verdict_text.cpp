#include "report/verdict_text.hpp"

#include "report/numbers.hpp"
#include "report/silent_clients.hpp"
#include "verdict/standing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace loadgen {
namespace {

// A spread between blocks that chance alone would produce less often than this is worth a warning.
constexpr double dispersion_p_value = 0.001;

// What a variant does, did, and is not to do.
struct Verbs {
    std::string_view does;
    std::string_view did;
    std::string_view plain;
    std::string_view object; // of the faulty variant's deed
};

Verbs verbs_of(Counted counted) {
    return counted == Counted::lost ? Verbs{"loses", "lost", "lose", "attempts on established connections"}
                                    : Verbs{"resets", "reset", "reset", "established connections"};
}

std::string p_value_text(double p) {
    if (p < 1e-300)
        return "p < 1e-300";
    return p < 0.001 ? fmt::format("p = {:.0e}", p) : fmt::format("p = {:.3f}", p);
}

// "a", "a and b", "a, b and c"
std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

std::vector<std::string> labels_with(const RegressionResult& result, Finding finding) {
    std::vector<std::string> labels;
    for (const VariantResult& variant : result.variants)
        if (variant.finding.finding == finding)
            labels.push_back(variant.finding.label);
    return labels;
}

// Of a variant whose resets show nothing, and whose losses do.
std::string lost_text(const VariantFinding& variant, const Recording& recording) {
    const auto cells = filled(cells_where(is_loss), recording.counters);
    const bool has_closed = std::any_of(cells.begin(), cells.end(), [](const CellCount& filled) {
        return filled.cell.cause == Cause::closed;
    });
    std::string text = fmt::format("But {} of its {} attempts were lost, more than chance explains: {}.\n",
                                   grouped(variant.lost.events), grouped(variant.lost.trials), listed(cells));
    if (has_closed)
        text +=
            "The fault shows as closed connections: a proxy or a user-mode network (QEMU's) may be between, "
            "or the server closes instead of resetting.\n";
    return text + "--count lost judges by these.\n";
}

std::string as_expected_text(const RegressionResult& result) {
    const Verbs verbs = verbs_of(result.claim.counted);
    const auto shown = labels_with(result, Finding::shown);
    const auto holding = labels_with(result, Finding::holds);
    std::string text;
    if (!shown.empty())
        text += fmt::format("reproduced: {} {} {}.\n", listed(shown),
                            shown.size() == 1 ? verbs.does : verbs.plain, verbs.object);
    if (!holding.empty())
        text += fmt::format(
            "{}{} {} not: {}at most {} of attempts {}, with {} confidence.\n", shown.empty() ? "holds: " : "",
            listed(holding), holding.size() == 1 ? "does" : "do", holding.size() == 1 ? "" : "each, ",
            percent(result.claim.max_reset_rate), verbs.did, percent(result.claim.confidence));
    return text;
}

std::string not_shown_text(const VariantResult& result, const Claim& claim, const std::string& counted) {
    const VariantFinding& variant = result.finding;
    if (claim.looks == Looks::any_time && variant.total.events > 0 && result.blocks.size() < rounds_to_trust)
        return fmt::format("the fault was not shown: {}, but in {}, and it takes {} at least to tell.\n",
                           counted, plural(result.blocks.size(), "round"), rounds_to_trust);
    if (variant.by_rounds && variant.total.events > 0)
        return fmt::format(
            "the fault was not shown: {}, but its blocks differ so much that whole rounds are compared, "
            "and {} were too few.\n",
            counted, plural(result.blocks.size(), "round"));
    return fmt::format("the fault was not shown: {}, no more than chance explains.\n{}", counted,
                       variant.lost_evident ? lost_text(variant, result.recording)
                                            : silent_clients_text(result));
}

} // namespace

std::string sentences_about(const VariantResult& result, const Claim& claim) {
    const VariantFinding& variant = result.finding;
    const Verbs verbs = verbs_of(claim.counted);
    const auto counted = fmt::format("{} {} {} of {} attempts", variant.label, verbs.did,
                                     grouped(variant.total.events), grouped(variant.total.trials));
    switch (variant.finding) {
    case Finding::resets:
        return fmt::format("{} was expected not to {}, and {} {} of {} attempts ({}).\n", variant.label,
                           verbs.plain, verbs.did, grouped(variant.total.events),
                           grouped(variant.total.trials), percent(variant.total.rate()));
    case Finding::not_shown:
        return not_shown_text(result, claim, counted);
    case Finding::undecided:
        return fmt::format("{}; to claim at most {} with {} confidence takes at least {} attempts.\n",
                           counted, percent(claim.max_reset_rate), percent(claim.confidence),
                           grouped(variant.attempts_needed));
    case Finding::shown:
    case Finding::holds:
        break;
    }
    return {};
}

std::string comparison_lines(std::span<const PairFinding> pairs, Counted counted) {
    const std::string_view does = counted == Counted::lost ? "loses attempts" : "resets";
    std::string text;
    for (const PairFinding& pair : pairs) {
        text += fmt::format("{} : {}   ", pair.baseline, pair.candidate);
        if (pair.evident)
            text += fmt::format("{} at least {:.3g} times as often ({})\n", does,
                                pair.comparison.rate_ratio_low, p_value_text(pair.comparison.p_value));
        else
            text +=
                fmt::format("~ no evidence of a difference ({})\n", p_value_text(pair.comparison.p_value));
    }
    return text;
}

std::string verdict_text(const RegressionResult& result) {
    if (result.verdict == Verdict::as_expected)
        return as_expected_text(result);
    std::string text;
    for (const VariantResult& variant : result.variants) {
        const Finding finding = variant.finding.finding;
        const bool failed = finding == Finding::resets;
        const bool open = finding == Finding::not_shown || finding == Finding::undecided;
        if (result.verdict == Verdict::fixed_resets ? failed : open)
            text += fmt::format("{}: {}", failed ? "failed" : "inconclusive",
                                sentences_about(variant, result.claim));
    }
    return text;
}

std::string certainty_text(const RegressionResult& result) {
    if (result.claim.looks == Looks::once || !result.course.stop)
        return {};
    const double confidence = result.claim.confidence;
    const std::size_t claims = result.variants.size();
    const double together = std::max(0.0, 1 - static_cast<double>(claims) * (1 - confidence));
    std::string text = *result.course.stop == Stop::decided
                           ? "Stopped when every claim was decided."
                           : fmt::format("Stopped when {} attempts of a variant were spent; --max-attempts "
                                         "allows more.",
                                         grouped(result.course.max_attempts));
    if (claims > 1 && *result.course.stop == Stop::decided)
        text += fmt::format(" All {} claims together hold with {} confidence (Bonferroni).", claims,
                            percent(together));
    return text + "\n";
}

std::optional<std::string> spread_warning(const std::string& label, const std::optional<Dispersion>& spread) {
    if (!spread || spread->p_value >= dispersion_p_value)
        return std::nullopt;
    return fmt::format(
        "the blocks of {} differ {:.1f} times as much as chance explains: its interval is too narrow", label,
        spread->index);
}

std::optional<std::string> spread_warning(const VariantFinding& variant) {
    auto warning = spread_warning(variant.label, variant.spread);
    if (warning && variant.by_rounds)
        *warning += ", and whole rounds were compared instead of attempts";
    return warning;
}

} // namespace loadgen
