#include "report/regression_table.hpp"

#include "report/numbers.hpp"
#include "report/table.hpp"

#include <fmt/format.h>

namespace loadgen {
namespace {

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

// Where what the variants are judged by happened.
std::string counted_in(Counted counted, const Counters& counters) {
    if (counted == Counted::lost)
        return fmt::format("lost: {}", listed(filled(cells_where(is_loss), counters)));
    return fmt::format("resets in {}", reset_phases(counters));
}

} // namespace

std::vector<std::vector<std::string>> regression_rows(const RegressionResult& result) {
    const double confidence = result.claim.confidence;
    const Counted counted = result.claim.counted;
    const Counted other = counted == Counted::resets ? Counted::lost : Counted::resets;
    std::vector<std::vector<std::string>> rows = {
        {"variant", "expected", "finding", "attempts", "answers", std::string(name(other)),
         std::string(name(counted)), "rate", percent(confidence) + " bounds", "answers/s", "p50", "p99"}};
    for (const VariantResult& one : result.variants) {
        const VariantFinding& variant = one.finding;
        const Recording& recording = one.recording;
        const Counters& counters = recording.counters;
        const RateInterval& interval = variant.bounds;
        rows.push_back({variant.label, std::string(name(variant.expectation)),
                        std::string(name(variant.finding, counted)), grouped(variant.total.trials),
                        grouped(counters.answers), grouped(count_of(other, counters)),
                        grouped(variant.total.events), percent(variant.total.rate()),
                        fmt::format("{} to {}", percent(interval.low), percent(interval.high)),
                        rounded(per_second(counters.answers, recording)),
                        brief(recording.latency.quantile(0.5)), brief(recording.latency.quantile(0.99))});
    }
    return rows;
}

std::string failure_lines(const RegressionResult& result) {
    const Counted counted = result.claim.counted;
    std::string failures;
    for (const VariantResult& variant : result.variants) {
        const Counters& counters = variant.recording.counters;
        const std::string& label = variant.finding.label;
        if (count_of(counted, counters) > 0)
            failures += fmt::format("{}: {}\n", label, counted_in(counted, counters));
        if (const std::string others = other_failures(counters); !others.empty())
            failures += fmt::format("{}: other failures: {}\n", label, others);
    }
    return failures;
}

std::string regression_table(const RegressionResult& result) {
    const std::string failures = failure_lines(result);
    return aligned(regression_rows(result)) + (failures.empty() ? "" : "\n") + failures;
}

} // namespace loadgen
