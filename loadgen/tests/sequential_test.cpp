// Regressions that stop when they know: thousands of them, made up, must be wrong no more often than they
// promise, however often they look. The seed is fixed; the figures are printed.
#include "verdict/evidence.hpp"
#include "verdict/plan.hpp"
#include "verdict/standing.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string_view>
#include <vector>

namespace loadgen {
namespace {

using Random = std::mt19937_64;

/// How a variant resets.
struct Habit {
    double rate = 0;
    double dispersion = 1; ///< variance between blocks over the binomial variance
};

double draw_gamma(double shape, Random& random) {
    return std::gamma_distribution<double>(shape, 1)(random);
}

// With dispersion the block's own rate is drawn from a Beta distribution of that mean; the variance of the
// beta-binomial distribution is 1 + (n - 1) / (a + b + 1) times the binomial one.
Count draw_block(const Habit& habit, std::uint64_t trials, Random& random) {
    double rate = habit.rate;
    if (habit.dispersion > 1 && rate > 0) {
        const double weight = static_cast<double>(trials - 1) / (habit.dispersion - 1) - 1;
        const double a = draw_gamma(rate * weight, random);
        const double b = draw_gamma((1 - rate) * weight, random);
        rate = a / (a + b);
    }
    return {std::binomial_distribution<std::uint64_t>(trials, rate)(random), trials};
}

struct Scenario {
    std::string_view what;
    Habit faulty;
    Habit fixed;
    std::uint64_t block = 0;
    std::uint64_t max_attempts = 0;
};

struct Tally {
    int shown = 0;
    int holds = 0;
    int exceeds = 0;
    std::vector<std::uint64_t> attempts_of_faulty; ///< of those shown
    std::vector<std::uint64_t> attempts_of_fixed;  ///< of those that hold
};

Tally simulate(const Scenario& scenario, const Claim& claim, int regressions, std::uint64_t seed) {
    Random random(seed);
    const Plan plan = until_decided(claim, scenario.max_attempts);
    Tally tally;
    for (int i = 0; i < regressions; ++i) {
        std::vector<VariantCounts> counts = {{.label = "faulty", .expectation = Expectation::faulty},
                                             {.label = "fixed", .expectation = Expectation::fixed}};
        while (const auto next = plan(counts).next)
            counts[*next].blocks.push_back(
                draw_block(*next == 0 ? scenario.faulty : scenario.fixed, scenario.block, random));
        const auto standing = standings(counts, claim);
        if (standing[0].finding == Finding::shown) {
            ++tally.shown;
            tally.attempts_of_faulty.push_back(sum_of(counts[0].blocks).trials);
        }
        if (standing[1].finding == Finding::holds) {
            ++tally.holds;
            tally.attempts_of_fixed.push_back(sum_of(counts[1].blocks).trials);
        }
        tally.exceeds += standing[1].finding == Finding::resets ? 1 : 0;
    }
    return tally;
}

std::uint64_t median(std::vector<std::uint64_t> values) {
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// What chance would have more often than this in that many trials is an error.
bool is_within(int errors, int trials, double promised) {
    const double expected = trials * promised;
    return errors <= expected + 4 * std::sqrt(expected) + 1;
}

void print(const Scenario& scenario, const Tally& tally, int regressions) {
    const auto share = [&](int count) { return 100.0 * count / regressions; };
    fmt::print("{:<52} {:>7.2f} {:>7.2f} {:>7.2f} {:>8} {:>8}\n", scenario.what, share(tally.shown),
               share(tally.holds), share(tally.exceeds), median(tally.attempts_of_faulty),
               median(tally.attempts_of_fixed));
}

void print_head(double confidence) {
    fmt::print("{:<52} {:>7} {:>7} {:>7} {:>17}\n",
               fmt::format("at {} % confidence, in % of regressions", 100 * confidence), "shown", "holds",
               "exceeds", "median attempts");
}

constexpr int many = 10'000;

} // namespace

TEST_CASE("where nothing is to be found, it is found no more often than promised") {
    const Claim claim{.confidence = 0.99, .max_reset_rate = 0.01, .looks = Looks::any_time};
    const double alpha = 1 - claim.confidence;
    print_head(claim.confidence);
    const Scenario equal{"equal, 34 %", {0.34}, {0.34}, 60, 600};
    const Scenario bursts{"equal, 34 %, bursts (dispersion 30)", {0.34, 30}, {0.34, 30}, 600, 6'000};
    const Scenario rare{"equal, 1 %: at the limit", {0.01}, {0.01}, 200, 2'000};
    const Scenario rare_bursts{"equal, 1 %, bursts (dispersion 10)", {0.01, 10}, {0.01, 10}, 600, 6'000};
    for (const Scenario& scenario : {equal, bursts, rare, rare_bursts}) {
        const Tally tally = simulate(scenario, claim, many, 813531);
        print(scenario, tally, many);
        CHECK(is_within(tally.shown, many, alpha));
        if (scenario.fixed.rate <= claim.max_reset_rate)
            CHECK(is_within(tally.exceeds, many, alpha));
        if (scenario.fixed.rate >= claim.max_reset_rate && scenario.fixed.dispersion == 1)
            CHECK(is_within(tally.holds, many, alpha));
    }
}

TEST_CASE("what is there is found, and soon") {
    const Claim claim{.confidence = 0.999, .max_reset_rate = 0.001, .looks = Looks::any_time};
    print_head(claim.confidence);
    const Scenario fault{"34 % against 0", {0.34}, {0}, 30, 40'000};
    const Tally at_once = simulate(fault, claim, 500, 1);
    print(fault, at_once, 500);
    CHECK(at_once.shown == 500);
    CHECK(at_once.holds == 500);
    CHECK(median(at_once.attempts_of_faulty) <= 150);

    const Scenario large{"34 % against 0, blocks of 460", {0.34}, {0}, 460, 40'000};
    const Tally real = simulate(large, claim, 500, 2);
    print(large, real, 500);
    CHECK(real.shown == 500);
    // Planned for none, a fixed plan takes this many attempts.
    CHECK(static_cast<double>(median(real.attempts_of_fixed)) <= 1.15 * 6'905);

    const Scenario bursts{"34 % against 0, bursts (dispersion 30)", {0.34, 30}, {0}, 460, 40'000};
    const Tally scattered = simulate(bursts, claim, 500, 3);
    print(bursts, scattered, 500);
    CHECK(scattered.shown == 500);

    const Scenario rare{"1 % against 0", {0.01}, {0}, 460, 40'000};
    const Tally slowly = simulate(rare, claim, 500, 4);
    print(rare, slowly, 500);
    CHECK(slowly.shown >= 495);

    const Scenario broken{"34 % against 34 %", {0.34}, {0.34}, 30, 4'000};
    const Tally refuted = simulate(broken, claim, 500, 5);
    print(broken, refuted, 500);
    CHECK(refuted.exceeds == 500);
}

TEST_CASE("the evidence that a rate holds is what peers.md has of it, and a little less for each reset") {
    const auto needed = [](std::uint64_t events) {
        std::uint64_t trials = events + 1;
        while (evidence_of_holding({events, trials}, 0.001) < decisive(0.999))
            ++trials;
        return trials;
    };
    CHECK(needed(0) == 7'332);
    CHECK(needed(1) == 11'571);
    CHECK(needed(3) == 16'336);
    CHECK(evidence_of_exceeding({30, 100}, 0.001) > decisive(0.999));
    CHECK(evidence_of_exceeding({0, 100}, 0.001) < 0);
}

TEST_CASE("an interval for any time has the rate in it more often than promised, whenever one looks") {
    Random random(7);
    for (const double rate : {0.0, 0.01, 0.3}) {
        int missed = 0;
        for (int i = 0; i < 2'000; ++i) {
            Count count;
            bool out = false;
            for (int look = 0; look < 30; ++look) {
                count += draw_block({rate}, 20, random);
                const RateInterval interval = anytime_interval(count, 0.95);
                out = out || rate < interval.low || rate > interval.high;
            }
            missed += out ? 1 : 0;
        }
        CHECK(is_within(missed, 2'000, 0.05));
    }
    const RateInterval none = anytime_interval({0, 1'000}, 0.99);
    CHECK(none.low == 0);
    CHECK(none.high > 0.0046); // Clopper-Pearson's one-sided bound
    CHECK(none.high < 0.012);
    CHECK(anytime_interval({}, 0.9).high == 1);
}

TEST_CASE("until decided: who is decided is loaded no more, but one fixed variant beside a faulty one") {
    const Claim claim{.confidence = 0.999, .max_reset_rate = 0.01, .looks = Looks::any_time};
    const Plan plan = until_decided(claim, 1'000);
    const std::vector<Count> holding(4, {0, 400});
    const std::vector<Count> few(2, {0, 400});
    const std::vector<Count> resetting(4, {100, 400});
    const std::vector<Count> sound(4, {0, 100});
    using enum Expectation;
    // All decided.
    CHECK_FALSE(plan(std::vector<VariantCounts>{{"a", faulty, resetting}, {"b", fixed, holding}}).next);
    CHECK(plan(std::vector<VariantCounts>{{"a", faulty, resetting}, {"b", fixed, holding}}).stop ==
          Stop::decided);
    // The faulty one is shown: only the fixed one goes on.
    CHECK(plan(std::vector<VariantCounts>{{"a", faulty, resetting}, {"b", fixed, sound}}).next == 1);
    // The fixed ones hold, and the faulty one is not shown: the one of as many rounds goes on beside it.
    const std::vector<VariantCounts> one_sided = {
        {"a", faulty, sound}, {"b", fixed, few}, {"c", fixed, holding}};
    CHECK(plan(one_sided).next == 2); // the round's turn would be "b"
    // Spent.
    const Decision spent = plan(std::vector<VariantCounts>{{"a", faulty, {{0, 1'000}}}});
    CHECK_FALSE(spent.next);
    CHECK(spent.stop == Stop::spent);
    // "Not one" is refuted by one, and held only when all attempts are spent.
    Claim not_one = claim;
    not_one.max_reset_rate = 0;
    const Plan strict = until_decided(not_one, 1'000);
    CHECK(strict(std::vector<VariantCounts>{{"b", fixed, {{0, 999}}}}).next == 0);
    CHECK(strict(std::vector<VariantCounts>{{"b", fixed, {{0, 1'000}}}}).stop == Stop::decided);
    CHECK(strict(std::vector<VariantCounts>{{"b", fixed, {{1, 10}}}}).stop == Stop::decided);
}

} // namespace loadgen
