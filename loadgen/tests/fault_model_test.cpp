// The model of when the fault shows, against a simulation of the same thing and what was measured.
#include "verdict/fault_model.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

namespace loadgen {
namespace {

// The same story told one event at a time: arrivals, and silent clients that send.
double simulated(double silent_clients, unsigned outstanding, unsigned arrivals, std::mt19937_64& random) {
    std::uint64_t silent = 0;
    std::uint64_t resets = 0;
    std::exponential_distribution<double> one(1);
    for (unsigned arrived = 0; arrived < arrivals;) {
        const double next_arrival = one(random) / silent_clients;
        const double next_request = silent == 0 ? 1e300 : one(random) / static_cast<double>(silent);
        if (next_arrival < next_request) {
            ++silent;
            ++arrived;
            continue;
        }
        const bool resets_one = silent > outstanding; // one of the backlog gets the doomed AcceptEx
        silent -= resets_one ? 2 : 1;
        resets += resets_one ? 1 : 0;
    }
    return static_cast<double>(resets) / arrivals;
}

struct Measured {
    unsigned outstanding;
    double silent;
    double rate;
    double chain; ///< as worked out by hand when it was measured
};

// Under Wine 8, 2 cores, Poisson arrivals (600 to 2,500 attempts each).
constexpr Measured points[] = {{10, 5, 0.008, 0.015},  {10, 7.5, 0.059, 0.080}, {10, 10, 0.154, 0.172},
                               {10, 15, 0.313, 0.324}, {10, 20, 0.420, 0.412},  {10, 30, 0.495, 0.482},
                               {4, 4, 0.180, 0.229},   {4, 8, 0.392, 0.400},    {40, 20, 0, 0},
                               {40, 40, 0.092, 0.104}, {40, 50, 0.217, 0.226}};

} // namespace

TEST_CASE("the model is the stationary state of the story it tells") {
    std::mt19937_64 random(5);
    for (int i = 0; i < 40; ++i) {
        const auto outstanding = static_cast<unsigned>(1 + random() % 60);
        const double silent = std::uniform_real_distribution(0.5, 90.0)(random);
        constexpr unsigned arrivals = 200'000;
        const double expected = predicted_reset_rate(silent, outstanding);
        CAPTURE(outstanding);
        CAPTURE(silent);
        // Its resets are correlated: a busy time has many. Five times the binomial deviation, and a little.
        const double deviation = std::sqrt(expected * (1 - expected) / arrivals);
        CHECK(std::abs(simulated(silent, outstanding, arrivals, random) - expected) < 10 * deviation + 0.002);
    }
}

TEST_CASE("the model is near what was measured") {
    for (const Measured& point : points) {
        CAPTURE(point.outstanding);
        CAPTURE(point.silent);
        CHECK(predicted_reset_rate(point.silent, point.outstanding) ==
              doctest::Approx(point.chain).epsilon(0.01).scale(0.05));
        CHECK(std::abs(predicted_reset_rate(point.silent, point.outstanding) - point.rate) < 0.05);
    }
}

TEST_CASE("the model at its ends") {
    CHECK(predicted_reset_rate(0, 40) == 0);
    CHECK(predicted_reset_rate(1, 40) < 1e-30);
    CHECK(predicted_reset_rate(10'000, 40) == doctest::Approx(0.5).epsilon(0.01));
    CHECK(predicted_reset_rate(1e5, 1) < 0.5001);
}

} // namespace loadgen
