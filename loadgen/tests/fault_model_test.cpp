// The model of when the fault shows: by what must be so, and against what was measured.
#include "tests/fault_loads.hpp"

#include "client/arrivals.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>

namespace loadgen {
namespace {

struct Measured {
    unsigned outstanding;
    double silent;
    double rate;
};

// Under Wine 8, 2 cores, Poisson arrivals, constant delays (600 to 2,500 attempts each).
constexpr Measured points[] = {{10, 5, 0.008},  {10, 7.5, 0.059}, {10, 10, 0.154}, {10, 15, 0.313},
                               {10, 20, 0.420}, {10, 30, 0.495},  {4, 4, 0.180},   {4, 8, 0.392},
                               {40, 20, 0},     {40, 40, 0.092},  {40, 50, 0.217}};

struct Case {
    FaultLoad load;
    std::string text;
};

Case random_case(unsigned seed) {
    std::mt19937_64 random(seed);
    const auto between = [&](double low, double high) {
        return std::uniform_real_distribution<double>{low, high}(random);
    };
    FaultLoad load = load_of(1, static_cast<unsigned>(1 + random() % 100));
    const double mean = between(0.05, 0.5);
    const auto kind = random() % 3;
    if (kind == 0)
        set_constant_delay(load, mean);
    else if (kind == 1)
        set_uniform_delay(load, 0, 2 * mean);
    else
        set_exponential_delay(load, mean);
    const double silent = load.outstanding * between(0.3, 3);
    if (random() % 2 == 0) {
        load.rate.reset();
        load.connections = static_cast<unsigned>(std::ceil(silent));
    } else {
        load.rate = silent / mean;
        load.evenly = random() % 2 == 0;
    }
    return {load, "seed " + std::to_string(seed)};
}

} // namespace

TEST_CASE("the model is near what was measured before") {
    for (const Measured& point : points) {
        CAPTURE(point.outstanding);
        CAPTURE(point.silent);
        CHECK(std::abs(steady(load_of(point.silent, point.outstanding)).rate - point.rate) < 0.025);
    }
}

TEST_CASE("whatever the load") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        Case random = random_case(seed);
        FaultLoad load = random.load;
        CAPTURE(random.text);
        const Prediction found = steady(load, 10'000);
        CHECK(found.rate >= 0);
        // Without linger each reset takes one answer.
        CHECK(found.rate <= 0.5 + 4 * found.error + 0.002);
        const Prediction again = steady(load, 10'000);
        CHECK(found.resets == again.resets);
        CHECK(found.attempts == again.attempts);

        FaultLoad pool = load;
        pool.threads_exit = false;
        CHECK(steady(pool, 10'000).resets == 0);

        FaultLoad roomy = load;
        roomy.outstanding = 1'000;
        CHECK(steady(roomy, 10'000).resets == 0);

        // A thread that outlives all its clients.
        FaultLoad patient = load;
        patient.linger = 1e6;
        patient.warm_up = 0;
        patient.duration = 20;
        CHECK(predict_resets(patient, 10'000).resets == 0);
    }
}

TEST_CASE("the heavier the load, the more resets, if clients all wait as long") {
    // With delays of another shape the heaviest loads reset fewer again: who comes out of a long backlog has
    // sent by then.
    std::mt19937_64 random(7);
    for (int i = 0; i < 20; ++i) {
        const auto outstanding = static_cast<unsigned>(1 + random() % 100);
        const double times = std::uniform_real_distribution(0.3, 2.0)(random);
        CAPTURE(outstanding);
        CAPTURE(times);
        const Prediction less = steady(load_of(outstanding * times, outstanding));
        const Prediction more = steady(load_of(outstanding * times * 1.3, outstanding));
        CHECK(more.rate >= less.rate - 4 * (less.error + more.error));
    }
    FaultLoad exponential = load_of(1, 10);
    set_exponential_delay(exponential, 0.1);
    exponential.rate = 300;
    const double heavy = steady(exponential).rate;
    exponential.rate = 2000;
    CHECK(steady(exponential).rate < heavy - 0.02);
}

TEST_CASE("the model at its ends") {
    CHECK(steady(load_of(0.01, 1)).rate < 0.001);
    CHECK(steady(load_of(1, 40)).resets == 0);
    CHECK(steady(load_of(200, 40)).rate == doctest::Approx(0.5).epsilon(0.02));
    FaultLoad nobody = load_of(10, 10);
    nobody.duration = 0;
    CHECK(predict_resets(nobody, 1'000).attempts == 0);
}

TEST_CASE("what starts evenly is never above its mean, what starts at random is") {
    FaultLoad load = load_of(9.5, 10);
    CHECK(steady(load).rate > 0.05);
    load.evenly = true;
    CHECK(steady(load).resets == 0);
}

TEST_CASE("a host that is too slow for a closed loop hides the fault, the longer its clients wait the less") {
    FaultLoad load = load_of(1, 40);
    load.rate.reset();
    load.connections = 64;
    set_constant_delay(load, 0.05);
    load.capacity = 1'000;
    CHECK(steady(load).rate > 0.4);
    load.capacity = 500;
    CHECK(steady(load).rate < 0.05);
    load.outstanding = 10;
    CHECK(steady(load).rate > 0.4);
    load.outstanding = 40;
    set_constant_delay(load, 0.2);
    CHECK(steady(load).rate > 0.4);
}

TEST_CASE("connections that all begin at once overflow a backlog that holds them if they are spread") {
    FaultLoad load = load_of(1, 40);
    load.rate.reset();
    load.connections = 64;
    load.backlog = 25;
    load.warm_up = 0;
    load.duration = 0.9; // until the dropped SYNs come again
    set_constant_delay(load, 0.05);
    load.ramp = 0.0;
    const Prediction at_once = predict_resets(load, 1'000);
    load.ramp.reset();
    CHECK(at_once.attempts < predict_resets(load, 1'000).attempts);
}

TEST_CASE("a replay has the arrivals of loadgen's worker") {
    for (const std::uint64_t seed : {1U, 77U}) {
        FaultLoad load = load_of(20, 10);
        load.warm_up = 1;
        load.duration = 4;
        Arrivals arrivals(ArrivalProcess::poisson, *load.rate, 1, 0, {}, seed);
        std::uint64_t counted = 0;
        for (; arrivals.next().time_since_epoch() < std::chrono::seconds{5}; arrivals.advance())
            counted += arrivals.next().time_since_epoch() >= std::chrono::seconds{1} ? 1 : 0;
        CHECK(replay_resets(load, 1, seed).attempts == counted);
    }
}

TEST_CASE("AcceptEx calls left over by a pool keep clients off the doomed ones, for as many answers") {
    FaultLoad load = load_of(20, 10);
    load.warm_up = 0;
    load.duration = 2;
    const double rate = predict_resets(load, 20'000).rate;
    load.left_over = 60;
    CHECK(predict_resets(load, 20'000).rate < 0.8 * rate);
    load.duration = 60;
    const double long_after = predict_resets(load, 60'000).rate;
    CHECK(long_after == doctest::Approx(steady(load_of(20, 10)).rate).epsilon(0.05));
}

TEST_CASE("a full backlog keeps clients away for a second") {
    FaultLoad load = load_of(20, 10);
    load.backlog = 3;
    const Prediction dropped = steady(load, 200'000);
    const Prediction full = steady(load_of(20, 10), 200'000);
    CHECK(dropped.rate < full.rate - 2 * (dropped.error + full.error));
    load.timeout = 0.5;
    CHECK(steady(load, 200'000).rate < dropped.rate);
}

} // namespace loadgen
