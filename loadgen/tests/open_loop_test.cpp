// The open loop: starts happen on schedule, and what the schedule suffers is in the latency.
#include "client/arrivals.hpp"
#include "client/load.hpp"
#include "client/rotation.hpp"
#include "client/schedule.hpp"
#include "process/wine.hpp"
#include "tests/fault_server/fault_server.hpp"
#include "tests/identities.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using Clock = Arrivals::Clock;

/// The first `count` intended starts of all workers together, in seconds from the beginning.
std::vector<double> starts(ArrivalProcess process, double rate, unsigned workers, std::size_t count) {
    std::vector<double> times;
    for (unsigned i = 0; i < workers; ++i) {
        Arrivals arrivals(process, rate, workers, i, Clock::time_point{}, 1 + i);
        for (std::size_t n = 0; n < count; ++n, arrivals.advance())
            times.push_back(std::chrono::duration<double>(arrivals.next().time_since_epoch()).count());
    }
    std::sort(times.begin(), times.end());
    times.resize(count);
    return times;
}

LoadPlan plan_for(Engine engine, double rate) {
    LoadPlan plan;
    plan.engine = engine;
    plan.connections = 64;
    plan.threads = 2;
    plan.rate = rate;
    plan.timeout = 20s;
    return plan;
}

Recording load(const FaultServer& server, const LoadPlan& plan) {
    return Load(plan, make_target(parse_url(server.url()), plan)).take();
}

std::uint64_t slower_than(std::chrono::microseconds limit, const Histogram& latency) {
    std::uint64_t count = 0;
    for (const Histogram::Bucket& bucket : latency.buckets())
        count += bucket.low > limit ? bucket.count : 0;
    return count;
}

} // namespace

TEST_CASE("an attempt's delay does not follow from the gap before it") {
    LoadPlan plan;
    plan.rate = 100;
    plan.arrivals = ArrivalProcess::poisson;
    plan.send_delay = Delay::exponential(20ms);
    const Target target;
    plan.duration = 1h;
    const std::atomic<bool> stopping{false};
    for (unsigned worker = 0; worker < 2; ++worker) {
        Schedule schedule(plan, {.index = worker, .count = 2}, Clock::time_point{}, stopping);
        Rotation rotation(plan, target, worker);
        double products = 0;
        constexpr int attempts = 2'000;
        Clock::time_point before{};
        for (int i = 0; i < attempts; ++i) {
            const auto start = schedule.take_due(Clock::time_point::max());
            REQUIRE(start);
            // Both in their mean, which is also their deviation.
            const double gap = std::chrono::duration<double>(*start - before).count() * 50;
            const double delay = std::chrono::duration<double>(rotation.next_delay()).count() * 50;
            products += (gap - 1) * (delay - 1) / attempts;
            before = *start;
        }
        CHECK(std::abs(products) < 5 / std::sqrt(attempts));
    }
}

TEST_CASE("constant arrivals of several workers are even") {
    const auto times = starts(ArrivalProcess::constant, 1000, 3, 3000);
    for (std::size_t i = 0; i < times.size(); ++i)
        CHECK(times[i] == doctest::Approx(static_cast<double>(i) / 1000).epsilon(1e-6));
}

TEST_CASE("Poisson arrivals of several workers are one Poisson process") {
    constexpr std::size_t count = 30'000;
    const auto times = starts(ArrivalProcess::poisson, 1000, 3, count);
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 1; i < count; ++i) {
        const double gap = 1000 * (times[i] - times[i - 1]);
        sum += gap;
        squares += gap * gap;
    }
    // Exponential gaps: mean 1 and variance 1 in units of the mean; five standard errors are allowed.
    CHECK(sum / count == doctest::Approx(1).epsilon(5 / std::sqrt(count)));
    CHECK(squares / count == doctest::Approx(2).epsilon(5 * std::sqrt(20.0 / count)));
    CHECK(starts(ArrivalProcess::poisson, 1000, 3, 100) == starts(ArrivalProcess::poisson, 1000, 3, 100));
}

TEST_CASE("a server that stalls is seen by the open loop, and hidden by a closed one") {
    for (const Engine engine : permitted_engines()) {
        FaultServer server({}, 1);
        server.stall(200ms, 1s);
        LoadPlan plan = plan_for(engine, 100);
        plan.duration = 2s;
        const Recording open = load(server, plan);
        check_identities(open);
        CHECK(open.counters.attempts == 200);
        CHECK(open.latency.quantile(0.99) > 100ms); // a fifth of the starts fall into a stall

        plan.rate.reset();
        plan.connections = 2;
        const Recording closed = load(server, plan);
        check_identities(closed);
        // However fast it is, each connection meets with each stall once: of those there are three at most.
        CHECK(slower_than(100ms, closed.latency) <= 3 * plan.connections);
        CHECK(slower_than(100ms, open.latency) > 3 * plan.connections);
    }
}

TEST_CASE("starts that find no free connection wait, are counted, and count their wait") {
    for (const Engine engine : permitted_engines()) {
        const FaultServer server({}, 1);
        LoadPlan plan = plan_for(engine, 1000);
        plan.connections = 2;
        plan.send_delay = Delay::constant(10ms); // so that 200 a second are possible
        plan.requests = 101;
        const Recording all = load(server, plan);
        check_identities(all);
        CHECK(all.counters.answers == 101);
        CHECK(all.delayed_starts > 50);
        CHECK(all.unstarted == 0);
        CHECK(all.latency.max() > 200ms);

        plan.requests.reset();
        plan.duration = 300ms;
        const Recording cut = load(server, plan);
        check_identities(cut);
        CHECK(cut.unstarted > 50);
        CHECK(cut.counters.attempts + cut.unstarted == 300);
    }
}

TEST_CASE("an idle kept connection: the server's close is no failure, its reset is the next attempt's") {
    for (const Engine engine : permitted_engines())
        for (const char* fault : {"close-when-idle", "reset-when-idle"}) {
            INFO(std::string(name(engine)), ", ", fault);
            const bool resets = std::string_view(fault) == "reset-when-idle";
            if (resets && runs_under_wine()) // it would call most of them a close
                continue;
            const FaultServer server({fault_named(fault)}, 1);
            LoadPlan plan = plan_for(engine, 20); // so that the end comes long before the next start
            plan.keep_alive = true;
            plan.connections = plan.threads = 1;
            plan.requests = 10;
            const Recording recording = load(server, plan);
            check_identities(recording);
            CHECK(recording.counters.answers == (resets ? 5 : 10)); // after a reset, a new connection
            CHECK(recording.counters.at({Cause::reset, Phase::idle}) == (resets ? 5 : 0));
            CHECK(recording.events.size() == (resets ? 5 : 0));
            for (const Event& event :
                 recording.events) // when it came, not when the next attempt was to start
                CHECK(event.age < 40ms);
        }
}

TEST_CASE("the warm-up is in no figure") {
    for (const Engine engine : permitted_engines()) {
        for (const bool keep_alive : {false, true}) {
            const FaultServer server({fault_named("close-after-request")}, 1, 20);
            LoadPlan plan = plan_for(engine, 200);
            plan.keep_alive = keep_alive;
            plan.warm_up = 300ms;
            plan.duration = 200ms;
            const Recording recording = load(server, plan);
            check_identities(recording);
            CHECK(server.injected() == 20); // all in the first tenth of a second
            CHECK(recording.counters.attempts == 40);
            CHECK(recording.counters.answers == 40);
            CHECK(recording.events.empty());
        }
    }
}

} // namespace loadgen
