// The statistics against values that can be worked out by hand or stand in the literature.
#include "verdict/comparison.hpp"
#include "verdict/dispersion.hpp"
#include "verdict/evidence.hpp"
#include "verdict/rate.hpp"
#include "verdict/regression.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>

#include <cmath>
#include <vector>

namespace loadgen {

using doctest::Approx;

TEST_CASE("bounds on a rate") {
    // None of n: 1 - (1 - confidence)^(1/n), the rule of three.
    CHECK(rate_upper_bound({0, 2995}, 0.95) == Approx(1 - std::pow(0.05, 1.0 / 2995)).epsilon(1e-9));
    CHECK(rate_upper_bound({0, 2995}, 0.95) <= 1e-3);
    CHECK(rate_upper_bound({0, 2994}, 0.95) > 1e-3);
    CHECK(rate_lower_bound({0, 10}, 0.95) == 0);
    CHECK(rate_upper_bound({10, 10}, 0.95) == 1);
    // All of n: the mirror image.
    CHECK(rate_lower_bound({10, 10}, 0.95) == Approx(std::pow(0.05, 1.0 / 10)).epsilon(1e-9));
    CHECK(rate_upper_bound({0, 0}, 0.95) == 1);
}

TEST_CASE("the two-sided interval of Clopper and Pearson") {
    // 10 of 100 at 95 %: 0.0490 to 0.1762, in any table of exact binomial intervals.
    const RateInterval interval = rate_interval({10, 100}, 0.95);
    CHECK(interval.low == Approx(0.0490).epsilon(1e-3));
    CHECK(interval.high == Approx(0.1762).epsilon(1e-3));
}

TEST_CASE("attempts that a claim takes") {
    CHECK(trials_to_claim(0, 1e-3, 0.95) == 2995);
    CHECK(trials_to_claim(0, 1e-4, 0.95) == 29956);
    const std::uint64_t for_three = trials_to_claim(3, 1e-3, 0.95);
    CHECK(rate_upper_bound({3, for_three}, 0.95) <= 1e-3);
    CHECK(rate_upper_bound({3, for_three - 1}, 0.95) > 1e-3);
}

TEST_CASE("the conditional test") {
    const Comparison twelve_to_none = compare({12, 10'000}, {0, 10'000}, 0.95);
    CHECK(twelve_to_none.p_value == Approx(0.000244).epsilon(1e-3));
    CHECK(twelve_to_none.rate_ratio_low == Approx(2.78).epsilon(1e-3));
    // 5 to 0 is the least that reaches 0.05 at equal n.
    CHECK(compare({5, 100}, {0, 100}, 0.95).p_value == Approx(1.0 / 32));
    CHECK(compare({4, 100}, {0, 100}, 0.95).p_value > 0.05);
    // Twice the attempts on the baseline's side: each event falls there with probability 2/3.
    CHECK(compare({3, 200}, {0, 100}, 0.95).p_value == Approx(8.0 / 27));
    CHECK(compare({0, 100}, {5, 100}, 0.95).p_value == 1);
    CHECK(compare({5, 100}, {0, 0}, 0.95).p_value == 1);
}

TEST_CASE("dispersion between blocks") {
    const std::vector<Count> even = {{10, 100}, {10, 100}, {10, 100}};
    CHECK(dispersion(even)->index == Approx(0));
    // One block has all, where 5 are to be expected in each: 2 * (10 - 5)^2 / (100 * 1/20 * 19/20).
    const std::vector<Count> burst = {{10, 100}, {0, 100}};
    CHECK(dispersion(burst)->index == Approx(2 * 25 / 4.75));
    CHECK(dispersion(burst)->p_value == Approx(std::erfc(std::sqrt(2 * 25 / 4.75 / 2))));
    const std::vector<Count> none = {{0, 100}, {0, 100}};
    CHECK_FALSE(dispersion(none));
    const std::vector<Count> single = {{3, 100}};
    CHECK_FALSE(dispersion(single));
}

namespace {

VariantCounts faulty(Count total) {
    return {"faulty-one", Expectation::faulty, {total}};
}
VariantCounts fixed(Count total) {
    return {"fixed-one", Expectation::fixed, {total}};
}

constexpr Claim claim{.confidence = 0.999, .max_reset_rate = 0.001};

} // namespace

TEST_CASE("the verdict") {
    CHECK(judge({faulty({500, 1'000}), fixed({0, 10'000})}, claim).verdict == Verdict::as_expected);
    CHECK(judge({faulty({500, 1'000}), fixed({100, 10'000})}, claim).verdict == Verdict::fixed_resets);
    CHECK(judge({faulty({0, 10'000}), fixed({0, 10'000})}, claim).verdict == Verdict::inconclusive);
    CHECK(judge({fixed({0, 10'000})}, claim).verdict == Verdict::as_expected);
    CHECK(judge({faulty({500, 1'000})}, claim).verdict == Verdict::as_expected);

    const Judgement short_one = judge({faulty({500, 1'000}), fixed({0, 6'904})}, claim);
    CHECK(short_one.verdict == Verdict::inconclusive);
    CHECK(short_one.variants[1].finding == Finding::undecided);
    CHECK(short_one.variants[1].attempts_needed == 6'905);
    CHECK(judge({faulty({500, 1'000}), fixed({0, 6'905})}, claim).verdict == Verdict::as_expected);
}

TEST_CASE("with --max-reset-rate 0 a single reset fails") {
    const Claim none_at_all{.confidence = 0.999, .max_reset_rate = 0};
    CHECK(judge({fixed({1, 1'000'000})}, none_at_all).verdict == Verdict::fixed_resets);
    CHECK(judge({fixed({0, 10})}, none_at_all).verdict == Verdict::as_expected);
}

TEST_CASE("a fixed variant's upper bound is at or below the limit exactly where it holds") {
    std::mt19937_64 random(11);
    for (int i = 0; i < 2'000; ++i) {
        const double rate = std::uniform_real_distribution(0.0, 0.02)(random);
        const std::uint64_t trials = 1 + random() % 10'000;
        const Count count{std::binomial_distribution<std::uint64_t>(trials, i % 4 == 0 ? 0 : rate)(random),
                          trials};
        const double limit = std::uniform_real_distribution(0.0005, 0.03)(random);
        const double bound = anytime_upper_bound(count, 0.999);
        CAPTURE(count.events);
        CAPTURE(count.trials);
        CHECK(bound >= count.rate());
        CHECK((bound <= limit) ==
              (limit > count.rate() && evidence_of_holding(count, limit) >= decisive(0.999)));
    }
    CHECK(anytime_upper_bound({}, 0.99) == 1);
    CHECK(anytime_upper_bound({5, 5}, 0.99) == 1);
}

} // namespace loadgen
