#include "report/json.hpp"

#include "storage/rows/run_row.hpp"
#include "verdict/rate.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/src.hpp> // compiled here: Debian has its headers with the others
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

namespace loadgen {
namespace {

namespace json = boost::json;

json::object latency(const Histogram& histogram) {
    const auto us = [](const std::optional<std::chrono::microseconds>& time) {
        return time ? json::value(time->count()) : json::value();
    };
    const auto at = [&](double fraction) { return us(histogram.quantile(fraction)); };
    return {{"count", histogram.count()},
            {"p50", at(0.5)},
            {"p90", at(0.9)},
            {"p99", at(0.99)},
            {"p99.9", at(0.999)},
            {"max", us(histogram.max())}};
}

json::array outcomes(const Counters& counters) {
    json::array cells;
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            if (const std::uint64_t count = counters.at({cause, phase}); count > 0)
                cells.push_back({{"cause", name(cause)}, {"phase", name(phase)}, {"count", count}});
    return cells;
}

json::object by_status(const Counters& counters) {
    json::object classes;
    for (std::size_t digit = 1; digit < counters.by_status_class.size(); ++digit)
        classes[fmt::format("{}xx", digit)] = counters.by_status_class.at(digit);
    return classes;
}

json::object run_object(const BlockInfo& info, const Recording& recording, double confidence,
                        const RateInterval& interval) {
    const Counters& counters = recording.counters;
    const Count resets = resets_of(recording);
    return {
        {"run_id", info.run_id},
        {"label", info.label},
        {"url", info.url},
        {"urls", info.urls},
        {"mode", info.keep_alive ? "keep-alive" : "connection-per-request"},
        {"engine", info.engine},
        {"connections", info.connections},
        {"threads", info.threads},
        {"send_delay", info.send_delay},
        {"rate", info.rate ? json::value(*info.rate) : json::value()},
        {"duration_s", std::chrono::duration<double>(recording.elapsed).count()},
        {"attempts", counters.attempts},
        {"established", counters.established},
        {"requests_sent", counters.requests_sent},
        {"answers", counters.answers},
        {"http", by_status(counters)},
        {"resets", resets.events},
        {"reset_rate", resets.rate()},
        {"reset_rate_interval", {{"confidence", confidence}, {"low", interval.low}, {"high", interval.high}}},
        {"lost", counters.lost()},
        {"idle_closes", counters.idle_closes},
        {"outcomes", outcomes(counters)},
        {"delayed_starts", recording.delayed_starts},
        {"unstarted", recording.unstarted},
        {"abandoned", recording.abandoned},
        {"ended", text(recording.ended)},
        {"bytes_read", counters.bytes_read},
        {"latency_us",
         {{"connect", latency(recording.connect)},
          {"first_byte", latency(recording.first_byte)},
          {"answer", latency(recording.latency)}}}};
}

json::object variant_object(const VariantFinding& variant, const BlockInfo& info, const Recording& recording,
                            const Claim& claim) {
    json::object object = run_object(info, recording, claim.confidence,
                                     bounds_of(resets_of(recording), variant.expectation, claim));
    object["expectation"] = name(variant.expectation);
    object["finding"] = name(variant.finding, claim.counted);
    if (variant.finding == Finding::undecided)
        object["attempts_needed"] = variant.attempts_needed;
    if (variant.finding == Finding::not_shown)
        object["lost_evident"] = variant.lost_evident;
    if (variant.spread)
        object["dispersion"] = {{"index", variant.spread->index}, {"p_value", variant.spread->p_value}};
    return object;
}

json::object pair_object(const PairFinding& pair) {
    return {{"baseline", pair.baseline},
            {"candidate", pair.candidate},
            {"rate_ratio_low", pair.comparison.rate_ratio_low},
            {"p_value", pair.comparison.p_value},
            {"candidate_rate_high", pair.comparison.candidate_rate_high},
            {"evident", pair.evident}};
}

} // namespace

std::string run_json(const RunResult& result) {
    return json::serialize(run_object(result.info, result.recording, result.confidence,
                                      rate_interval(resets_of(result.recording), result.confidence))) +
           "\n";
}

std::string regression_json(const RegressionResult& result) {
    json::array variants;
    for (const VariantResult& one : result.variants)
        variants.push_back(variant_object(one.finding, one.info, one.recording, result.claim));
    json::array pairs;
    for (const PairFinding& pair : result.pairs)
        pairs.push_back(pair_object(pair));
    const json::object object = {
        {"verdict", result.has_verdict() ? json::value(name(result.verdict)) : json::value()},
        {"count", name(result.claim.counted)},
        {"confidence", result.claim.confidence},
        {"max_reset_rate", result.claim.max_reset_rate},
        {"plan", plan_name(result.course)},
        {"stopped", stop_name(result)},
        {"ended", text(result.ended)},
        {"seed", result.course.seed},
        {"variants", std::move(variants)},
        {"comparisons", std::move(pairs)}};
    return json::serialize(object) + "\n";
}

} // namespace loadgen
