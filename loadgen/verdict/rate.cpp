#include "verdict/rate.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <numeric>

namespace loadgen {
namespace {

using Binomial = boost::math::binomial_distribution<double>;

double as_double(std::uint64_t value) {
    return static_cast<double>(value);
}

} // namespace

Count sum_of(std::span<const Count> counts) {
    return std::accumulate(counts.begin(), counts.end(), Count{},
                           [](Count sum, const Count& one) { return sum += one; });
}

double rate_lower_bound(Count count, double confidence) {
    if (count.trials == 0 || count.events == 0)
        return 0;
    return Binomial::find_lower_bound_on_p(as_double(count.trials), as_double(count.events), 1 - confidence);
}

double rate_upper_bound(Count count, double confidence) {
    if (count.trials == 0 || count.events == count.trials)
        return 1;
    return Binomial::find_upper_bound_on_p(as_double(count.trials), as_double(count.events), 1 - confidence);
}

RateInterval rate_interval(Count count, double confidence) {
    const double one_sided = 1 - (1 - confidence) / 2;
    return {rate_lower_bound(count, one_sided), rate_upper_bound(count, one_sided)};
}

std::uint64_t trials_to_claim(std::uint64_t events, double max_rate, double confidence) {
    const auto enough = [&](std::uint64_t trials) {
        return rate_upper_bound({events, trials}, confidence) <= max_rate;
    };
    std::uint64_t low = events; // never enough: the bound is 1
    std::uint64_t high = events + 1;
    while (!enough(high)) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (enough(middle) ? high : low) = middle;
    }
    return high;
}

} // namespace loadgen
