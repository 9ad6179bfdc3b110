#include "measure/histogram.hpp"
#include "measure/progress.hpp"
#include "measure/recording.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace loadgen {

using namespace std::chrono_literals;
using std::chrono::microseconds;

TEST_CASE("a histogram's quantiles are within one per cent of the values'") {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> latencies(8, 2);
    Histogram histogram;
    std::vector<microseconds> values;
    for (int i = 0; i < 100'000; ++i) {
        values.emplace_back(static_cast<std::int64_t>(latencies(random)));
        histogram.record(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double fraction : {0.001, 0.5, 0.9, 0.99, 0.999}) {
        const auto rank = static_cast<std::size_t>(std::ceil(fraction * 100'000)) - 1;
        const auto exact = static_cast<double>(values[rank].count());
        const auto found = histogram.quantile(fraction);
        REQUIRE(found);
        CHECK(std::abs(static_cast<double>(found->count()) - exact) <= 0.01 * exact + 0.5);
    }
    CHECK(histogram.max() == values.back());
    CHECK(histogram.quantile(1) <= values.back());
    CHECK(histogram.count() == values.size());
}

TEST_CASE("small values are exact, and extremes are kept") {
    Histogram histogram;
    for (const microseconds value : {-5us, 0us, 127us, 255us, microseconds{100h}})
        histogram.record(value);
    CHECK(histogram.quantile(0.2) == 0us);
    CHECK(histogram.quantile(0.6) == 127us);
    CHECK(histogram.quantile(0.8) == 255us);
    CHECK(histogram.max() == microseconds{100h});
}

TEST_CASE("where nothing was recorded there is no time, and what is added to it stays what it was") {
    Histogram histogram;
    CHECK_FALSE(histogram.quantile(0.5));
    CHECK_FALSE(histogram.quantile(1));
    CHECK_FALSE(histogram.max());
    histogram += Histogram();
    CHECK_FALSE(histogram.max());
    Histogram one;
    one.record(0us);
    histogram += one;
    CHECK(histogram.quantile(0.5) == 0us);
    CHECK(histogram.max() == 0us);
}

TEST_CASE("the worst p99 of several workers is that of those who have one") {
    Progress all;
    all += Progress{};
    CHECK_FALSE(all.p99);
    all += Progress{.p99 = 0us};
    CHECK(all.p99 == 0us);
    all += Progress{.p99 = 70us};
    all += Progress{};
    CHECK(all.p99 == 70us);
}

TEST_CASE("an ending is read as it is written, and of several the worst counts") {
    const RunEnding whole;
    const RunEnding interrupted = RunEnding::interrupted();
    const RunEnding invalid = RunEnding::invalid("nothing listens at h:1: is the server up?");
    for (const RunEnding& one : {whole, interrupted, invalid})
        CHECK(ending_of(text(one)) == one);
    CHECK(text(whole) == "whole");
    CHECK(text(interrupted) == "interrupted");
    CHECK(text(invalid) == "invalid: nothing listens at h:1: is the server up?");
    for (const char* wrong : {"", "Whole", "invalid", "invalid: ", "invalid:x", "killed"})
        CHECK_FALSE(ending_of(wrong));
    CHECK(worse_of(whole, interrupted) == interrupted);
    CHECK(worse_of(invalid, interrupted) == invalid);
    CHECK(worse_of(invalid, RunEnding::invalid("another")) == invalid);

    for (const bool later : {false, true}) {
        Recording sum;
        sum.started = std::chrono::system_clock::time_point{1s};
        for (const RunEnding& one : {whole, invalid, interrupted}) {
            Recording other;
            other.started = sum.started;
            other.ended = one;
            later ? sum.add_later(other) : sum.add_concurrent(other);
        }
        CHECK(sum.ended == invalid);
    }
}

TEST_CASE("merged histograms are those of the pooled values") {
    Histogram a;
    Histogram b;
    Histogram pooled;
    for (int i = 0; i < 2'000; ++i) {
        const microseconds value{i * i};
        (i % 3 == 0 ? a : b).record(value);
        pooled.record(value);
    }
    a += b;
    for (int permille = 0; permille <= 1000; permille += 10)
        CHECK(a.quantile(permille / 1000.0) == pooled.quantile(permille / 1000.0));
    CHECK(a.count() == pooled.count());
}

TEST_CASE("merged recordings have their events in order of time") {
    const auto at = [](int second) {
        return Event{.time = std::chrono::system_clock::time_point{std::chrono::seconds{second}}};
    };
    Recording a;
    a.events = {at(1), at(4)};
    Recording b;
    b.events = {at(2), at(3), at(5)};
    b.intervals.resize(2);
    b.intervals[1].attempts = 7;
    a.add_later(b);
    REQUIRE(a.events.size() == 5);
    CHECK(std::is_sorted(a.events.begin(), a.events.end(),
                         [](const Event& x, const Event& y) { return x.time < y.time; }));
    CHECK(a.intervals.at(1).attempts == 7);
}

} // namespace loadgen
