#include "verdict/evidence.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace loadgen {
namespace {

double as_double(std::uint64_t value) {
    return static_cast<double>(value);
}

// Of independent trials of this rate; that of an event that cannot be is minus infinity.
double log_likelihood(const Count& count, double rate) {
    const double events = as_double(count.events);
    const double others = as_double(count.trials - count.events);
    return (events > 0 ? events * std::log(rate) : 0) + (others > 0 ? others * std::log1p(-rate) : 0);
}

double log_of_sum(const std::vector<double>& logs) {
    const double largest = *std::max_element(logs.begin(), logs.end());
    if (std::isinf(largest))
        return largest;
    double sum = 0;
    for (const double log : logs)
        sum += std::exp(log - largest);
    return largest + std::log(sum);
}

double log_beta(double a, double b) {
    return boost::math::lgamma(a) + boost::math::lgamma(b) - boost::math::lgamma(a + b);
}

// From `inside`, which is not refuted, towards `outside`: where refuting begins, on its outer side.
template <class IsRefuted>
double edge_of(double inside, double outside, IsRefuted is_refuted) {
    if (!is_refuted(outside))
        return outside;
    for (int halving = 0; halving < 100; ++halving) {
        const double middle = (inside + outside) / 2;
        (is_refuted(middle) ? outside : inside) = middle;
    }
    return outside;
}

} // namespace

double decisive(double confidence) {
    return -std::log1p(-confidence);
}

double evidence_of_holding(const Count& count, double limit) {
    constexpr std::array shares = {0.5, 0.25, 0.125, 0.0625}; // of the limit
    const double at_limit = log_likelihood(count, limit);
    std::vector<double> ratios = {std::log(0.5) + log_likelihood(count, 0) - at_limit};
    for (const double share : shares)
        ratios.push_back(std::log(0.5 / shares.size()) + log_likelihood(count, share * limit) - at_limit);
    return log_of_sum(ratios);
}

double evidence_of_exceeding(const Count& count, double limit) {
    // Equal steps in the logarithm, from a little above the limit to a little below 1.
    constexpr int steps = 8;
    const double widest = std::log(0.99 / limit);
    const double at_limit = log_likelihood(count, limit);
    std::vector<double> ratios;
    for (int step = 1; step <= steps; ++step) {
        const double rate = limit >= 0.99 ? limit : limit * std::exp(widest * step / steps);
        ratios.push_back(-std::log(steps) + log_likelihood(count, rate) - at_limit);
    }
    return log_of_sum(ratios);
}

double anytime_upper_bound(const Count& count, double confidence) {
    if (count.events == count.trials)
        return 1;
    // Each ratio of the mixture rises with the limit, and to a rate of 1 all are infinite.
    return edge_of(count.rate(), 1, [&](double limit) {
        return limit >= 1 || (limit > 0 && evidence_of_holding(count, limit) >= decisive(confidence));
    });
}

RateInterval anytime_interval(const Count& count, double confidence) {
    if (count.trials == 0)
        return {};
    const double mixture =
        log_beta(as_double(count.events) + 0.5, as_double(count.trials - count.events) + 0.5) -
        log_beta(0.5, 0.5);
    const auto is_refuted = [&](double rate) {
        return mixture - log_likelihood(count, rate) >= decisive(confidence);
    };
    // The ratio falls to the observed rate and rises beyond it.
    return {edge_of(count.rate(), 0, is_refuted), edge_of(count.rate(), 1, is_refuted)};
}

void IndependentEvidence::add(const Count& more, const Count& fewer) {
    // What the first round is bet on: about a quarter against a twentieth.
    const double one = (as_double(more_.events) + 0.5) / (as_double(more_.trials) + 2);
    const double other = (as_double(fewer_.events) + 0.05) / (as_double(fewer_.trials) + 1.05);
    const double trials = as_double(more.trials + fewer.trials);
    if (one > other && trials > 0) {
        const double both = (as_double(more.trials) * one + as_double(fewer.trials) * other) / trials;
        value_ += log_likelihood(more, one) + log_likelihood(fewer, other) - log_likelihood(more, both) -
                  log_likelihood(fewer, both);
    }
    more_ += more;
    fewer_ += fewer;
}

void RoundEvidence::add(double difference) {
    const double boldest = 0.95 / -lowest_;
    // As if there had been one round before, with a fair difference.
    const double mean = (0.25 + sum_) / (1 + as_double(rounds_));
    const double mean_of_squares = (0.1 + sum_of_squares_) / (1 + as_double(rounds_));
    const double stake = std::clamp(mean / mean_of_squares, 0.0, boldest);
    value_ += std::log1p(stake * difference);
    ++rounds_;
    sum_ += difference;
    sum_of_squares_ += difference * difference;
}

} // namespace loadgen
