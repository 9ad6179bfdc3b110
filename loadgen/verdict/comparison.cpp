#include "verdict/comparison.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <algorithm>

namespace loadgen {

Comparison compare(Count baseline, Count candidate, double confidence) {
    Comparison result{.baseline = baseline, .candidate = candidate};
    result.candidate_rate_high = rate_upper_bound(candidate, confidence);
    if (baseline.events == 0 || baseline.trials == 0 || candidate.trials == 0)
        return result;

    const auto n1 = static_cast<double>(baseline.trials);
    const auto n2 = static_cast<double>(candidate.trials);
    const Count share{baseline.events, baseline.events + candidate.events};
    const boost::math::binomial_distribution<double> equal_rates(static_cast<double>(share.trials),
                                                                 n1 / (n1 + n2));
    result.p_value = cdf(complement(equal_rates, static_cast<double>(share.events - 1)));
    const double share_low = rate_interval(share, confidence).low;
    result.rate_ratio_low = share_low / (1 - share_low) * n2 / n1;
    return result;
}

Comparison compare_two_sided(Count higher, Count lower, double confidence) {
    Comparison comparison = compare(higher, lower, confidence);
    comparison.p_value = std::min(1.0, 2 * comparison.p_value);
    return comparison;
}

} // namespace loadgen
