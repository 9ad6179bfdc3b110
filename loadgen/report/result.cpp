#include "report/result.hpp"

#include <utility>

namespace loadgen {

std::string_view plan_name(const Course& course) {
    return course.rounds ? "rounds" : "until decided";
}

std::string_view stop_name(const Course& course) {
    return course.stop ? name(*course.stop) : "interrupted";
}

RegressionResult regression_result(std::vector<VariantLoads> loads, const Claim& claim,
                                   const Course& course) {
    std::vector<VariantCounts> counts;
    counts.reserve(loads.size());
    for (const VariantLoads& one : loads)
        counts.push_back(one.counts);
    Judgement judgement = judge(counts, claim);
    RegressionResult result{.claim = claim,
                            .course = course,
                            .variants = {},
                            .pairs = std::move(judgement.pairs),
                            .verdict = judgement.verdict};
    for (std::size_t i = 0; i < loads.size(); ++i)
        result.variants.push_back({std::move(loads[i].info), std::move(loads[i].recording),
                                   std::move(judgement.variants[i]), std::move(loads[i].counts.blocks),
                                   std::move(loads[i].stretches)});
    return result;
}

} // namespace loadgen
