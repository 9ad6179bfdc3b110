#include "report/result.hpp"

#include <utility>

namespace loadgen {

std::string_view plan_name(const Course& course) {
    return course.rounds ? "rounds" : "until decided";
}

std::string_view stop_name(const RegressionResult& result) {
    if (result.has_verdict())
        return name(*result.course.stop);
    return result.is_merged() ? "merged" : name(result.ended.kind());
}

std::string without_verdict(const RegressionResult& result) {
    if (result.has_verdict())
        return {};
    if (result.is_merged())
        return "added up from several machines, without a verdict of its own";
    return result.ended.is_invalid() ? result.ended.sentence() : "interrupted, without a verdict";
}

RunEnding ComparisonResult::ended() const {
    RunEnding worst;
    for (const ComparedSeries& one : series)
        worst = worse_of(worst, one.ended);
    return worst;
}

const RunEnding& ended(const StoredResult& stored) {
    struct Visitor {
        const RunEnding& operator()(const RunResult& run) const { return run.recording.ended; }
        const RunEnding& operator()(const RegressionResult& regression) const { return regression.ended; }
        const RunEnding& operator()(const NoResult& none) const { return none.ended; }
    };
    return std::visit(Visitor{}, stored.result);
}

RegressionResult regression_result(std::vector<VariantLoads> loads, const Claim& claim,
                                   const Course& course) {
    std::vector<VariantCounts> counts;
    counts.reserve(loads.size());
    for (const VariantLoads& one : loads)
        counts.push_back(one.counts);
    Judgement judgement = judge(counts, claim);
    RegressionResult result{.label = {},
                            .claim = claim,
                            .course = course,
                            .variants = {},
                            .pairs = std::move(judgement.pairs),
                            .verdict = judgement.verdict};
    for (const VariantLoads& one : loads)
        result.ended = worse_of(result.ended, one.recording.ended);
    for (std::size_t i = 0; i < loads.size(); ++i)
        result.variants.push_back({std::move(loads[i].info), std::move(loads[i].recording),
                                   std::move(judgement.variants[i]), std::move(loads[i].counts.blocks),
                                   std::move(loads[i].stretches)});
    return result;
}

} // namespace loadgen
