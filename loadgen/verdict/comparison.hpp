// Two rates against each other: the exact conditional test (Przyborowski and Wilenski, Biometrika 31, 1940).
#pragma once

#include "verdict/rate.hpp"

namespace loadgen {

/// Were both rates equal, each of the k1 + k2 events would fall to the baseline with probability n1 / (n1 +
/// n2).
struct Comparison {
    Count baseline;
    Count candidate;
    double p_value = 1; ///< chance of a share of events this large on the baseline side, were the rates equal
    double rate_ratio_low =
        0; ///< baseline rate / candidate rate is at least this: low end of the two-sided interval
    double candidate_rate_high = 1; ///< one-sided upper bound on the candidate's rate
};

/// 12 of 10,000 against 0 of 10,000: p = 0.000244, and the ratio is at least 2.78 with 95 % confidence.
Comparison compare(Count baseline, Count candidate, double confidence);

/// The same where nobody said beforehand which rate is the higher one: the baseline must have it, and the
/// p-value is two-sided.
Comparison compare_two_sided(Count higher, Count lower, double confidence);

} // namespace loadgen
