#include "report/text.hpp"

#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace loadgen {
namespace {

// A spread between blocks that chance alone would produce less often than this is worth a warning.
constexpr double dispersion_p_value = 0.001;

double per_second(std::uint64_t count, const Recording& recording) {
    const double seconds = std::chrono::duration<double>(recording.elapsed).count();
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string rounded(double number) {
    return grouped(static_cast<std::uint64_t>(std::llround(number)));
}

std::string latency_line(std::string_view what, const Histogram& latency) {
    return fmt::format("{}  p50 {}  p90 {}  p99 {}  p99.9 {}  max {}\n", what, brief(latency.quantile(0.5)),
                       brief(latency.quantile(0.9)), brief(latency.quantile(0.99)),
                       brief(latency.quantile(0.999)), brief(latency.max()));
}

std::string status_classes(const Counters& counters) {
    std::string text;
    for (std::size_t digit = 1; digit < counters.by_status_class.size(); ++digit)
        if (counters.by_status_class.at(digit) > 0)
            text += fmt::format("  {}xx {}", digit, grouped(counters.by_status_class.at(digit)));
    return text;
}

// The non-empty rows and columns of cause x phase.
std::string outcome_table(const Counters& counters) {
    std::vector<Phase> phases;
    for (const Phase phase : all_phases)
        if (std::any_of(all_causes.begin(), all_causes.end(), [&](Cause cause) {
                return counters.at({cause, phase}) > 0;
            }))
            phases.push_back(phase);
    if (phases.empty())
        return {};

    std::vector<std::vector<std::string>> rows = {{"failures"}};
    for (const Phase phase : phases)
        rows.front().emplace_back(name(phase));
    for (const Cause cause : all_causes) {
        if (counters.of(cause) == 0)
            continue;
        rows.push_back({std::string(name(cause))});
        for (const Phase phase : phases) {
            const std::uint64_t count = counters.at({cause, phase});
            rows.back().push_back(count == 0 ? "-" : grouped(count));
        }
    }
    return fmt::format("\n{}", aligned(rows));
}

std::string reset_phases(const Counters& counters) {
    std::string text;
    for (const Phase phase : all_phases)
        if (const std::uint64_t resets = counters.resets(phase); resets > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name(phase), grouped(resets));
    return text;
}

// "closed 3, timeout 1": what ended attempts besides resets.
std::string other_failures(const Counters& counters) {
    std::string text;
    for (const Cause cause : all_causes)
        if (const std::uint64_t count = counters.of(cause); count > 0 && !is_reset(cause))
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name(cause), grouped(count));
    return text;
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

std::vector<std::string> labels_with(const Regression& regression, Finding finding) {
    std::vector<std::string> labels;
    for (const VariantFinding& variant : regression.variants)
        if (variant.finding == finding)
            labels.push_back(variant.label);
    return labels;
}

std::string failed_text(const Regression& regression) {
    std::string text;
    for (const VariantFinding& variant : regression.variants)
        if (variant.finding == Finding::resets)
            text += fmt::format("failed: {} was expected not to reset, and reset {} of {} attempts ({}).\n",
                                variant.label, grouped(variant.total.events), grouped(variant.total.trials),
                                percent(variant.total.rate()));
    return text;
}

std::string inconclusive_text(const Regression& regression) {
    std::string text;
    for (const VariantFinding& variant : regression.variants) {
        const auto& total = variant.total;
        if (variant.finding == Finding::not_shown)
            text += fmt::format(
                "inconclusive: the fault was not shown: {} reset {} of {} attempts, no more than chance "
                "explains.\n",
                variant.label, grouped(total.events), grouped(total.trials));
        if (variant.finding == Finding::undecided)
            text += fmt::format(
                "inconclusive: {} reset {} of {} attempts; to claim at most {} with {} confidence takes at "
                "least {} attempts.\n",
                variant.label, grouped(total.events), grouped(total.trials),
                percent(regression.claim.max_reset_rate), percent(regression.claim.confidence),
                grouped(variant.attempts_needed));
    }
    return text;
}

} // namespace

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
        digits.insert(static_cast<std::size_t>(i), 1, ',');
    return digits;
}

std::string percent(double rate) {
    const double value = 100 * rate;
    if (value == 0)
        return "0 %";
    if (value >= 99.95 && value < 100)
        return fmt::format("{:.6g} %", value);
    if (value >= 10)
        return fmt::format("{:.3g} %", value);
    return fmt::format("{:.2g} %", value);
}

std::string brief(std::chrono::microseconds time) {
    const auto us = static_cast<double>(time.count());
    if (us < 1000)
        return fmt::format("{:.0f} us", us);
    if (us < 1e6)
        return us < 10e3 ? fmt::format("{:.1f} ms", us / 1e3) : fmt::format("{:.0f} ms", us / 1e3);
    return fmt::format("{:.1f} s", us / 1e6);
}

std::string run_summary(const BlockInfo& info, const Recording& recording, double confidence) {
    const Counters& counters = recording.counters;
    const Count resets{counters.resets(), counters.attempts};
    const RateInterval interval = rate_interval(resets, confidence);
    std::string text =
        fmt::format("{}{}\n{} connections, {} threads on {}, {}, {}send delay {}, {:.1f} s\n\n", info.url,
                    info.urls > 1 ? fmt::format(" and {} more", info.urls - 1) : "", info.connections,
                    info.threads, info.engine, info.keep_alive ? "keep-alive" : "a connection per request",
                    info.rate ? fmt::format("{} starts/s asked for, ", *info.rate) : "", info.send_delay,
                    std::chrono::duration<double>(recording.elapsed).count());
    text += fmt::format("attempts  {}, {}/s\n", grouped(counters.attempts),
                        rounded(per_second(counters.attempts, recording)));
    text += fmt::format("answers   {}, {}/s{}\n", grouped(counters.answers),
                        rounded(per_second(counters.answers, recording)), status_classes(counters));
    text += fmt::format("resets    {}, {} of attempts ({} interval: {} to {})\n", grouped(resets.events),
                        percent(resets.rate()), percent(confidence), percent(interval.low),
                        percent(interval.high));
    text += outcome_table(counters);
    if (recording.abandoned > 0)
        text += fmt::format("\n{} attempts were given up at the second Ctrl-C; they are in no count above\n",
                            grouped(recording.abandoned));
    if (recording.delayed_starts + recording.unstarted > 0)
        text += fmt::format("\n{} starts had to wait for a free connection{}; their wait is in the latency\n",
                            grouped(recording.delayed_starts + recording.unstarted),
                            recording.unstarted > 0 ? fmt::format(", {} of them until the load was over",
                                                                  grouped(recording.unstarted))
                                                    : "");
    text += "\n";
    if (counters.established > 0)
        text += latency_line("connect   ", recording.connect);
    if (counters.answers > 0) {
        text += latency_line("first byte", recording.first_byte);
        text += latency_line("answer    ", recording.latency);
    }
    return text;
}

std::string regression_table(const Regression& regression, const std::vector<Recording>& recordings) {
    std::vector<std::vector<std::string>> rows = {
        {"variant", "expected", "finding", "attempts", "answers", "resets", "rate",
         percent(regression.claim.confidence) + " interval", "answers/s", "p50", "p99"}};
    std::string failures;
    for (std::size_t i = 0; i < regression.variants.size(); ++i) {
        const VariantFinding& variant = regression.variants[i];
        const Recording& recording = recordings.at(i);
        const Counters& counters = recording.counters;
        const RateInterval interval = rate_interval(variant.total, regression.claim.confidence);
        rows.push_back({variant.label, std::string(name(variant.expectation)),
                        std::string(name(variant.finding)), grouped(variant.total.trials),
                        grouped(counters.answers), grouped(variant.total.events),
                        percent(variant.total.rate()),
                        fmt::format("{} to {}", percent(interval.low), percent(interval.high)),
                        rounded(per_second(counters.answers, recording)),
                        brief(recording.latency.quantile(0.5)), brief(recording.latency.quantile(0.99))});
        if (counters.resets() > 0)
            failures += fmt::format("{}: resets in {}\n", variant.label, reset_phases(counters));
        if (const std::string others = other_failures(counters); !others.empty())
            failures += fmt::format("{}: other failures: {}\n", variant.label, others);
    }
    return aligned(rows) + (failures.empty() ? "" : "\n") + failures;
}

std::string comparison_lines(const Regression& regression) {
    std::string text;
    for (const PairFinding& pair : regression.pairs) {
        text += fmt::format("{} : {}   ", pair.baseline, pair.candidate);
        if (pair.evident)
            text += fmt::format("resets at least {:.3g} times as often ({})\n",
                                pair.comparison.rate_ratio_low, p_value_text(pair.comparison.p_value));
        else
            text +=
                fmt::format("~ no evidence of a difference ({})\n", p_value_text(pair.comparison.p_value));
    }
    return text;
}

std::string verdict_text(const Regression& regression) {
    switch (regression.verdict) {
    case Verdict::fixed_resets:
        return failed_text(regression);
    case Verdict::inconclusive:
        return inconclusive_text(regression);
    case Verdict::as_expected:
        break;
    }
    const auto shown = labels_with(regression, Finding::shown);
    const auto holding = labels_with(regression, Finding::holds);
    std::string text;
    if (!shown.empty())
        text += fmt::format("reproduced: {} {} established connections.\n", listed(shown),
                            shown.size() == 1 ? "resets" : "reset");
    if (!holding.empty())
        text += fmt::format("{}{} {} not: {} at most {} of attempts reset, with {} confidence.\n",
                            shown.empty() ? "holds: " : "", listed(holding),
                            holding.size() == 1 ? "does" : "do", holding.size() == 1 ? "" : "each,",
                            percent(regression.claim.max_reset_rate), percent(regression.claim.confidence));
    return text;
}

std::vector<std::string> warnings(const Regression& regression) {
    std::vector<std::string> sentences;
    for (const VariantFinding& variant : regression.variants)
        if (variant.spread && variant.spread->p_value < dispersion_p_value)
            sentences.push_back(fmt::format(
                "the blocks of {} differ {:.1f} times as much as chance explains: its interval is too narrow",
                variant.label, variant.spread->index));
    return sentences;
}

} // namespace loadgen
