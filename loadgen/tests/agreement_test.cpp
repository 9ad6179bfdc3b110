// Whatever is asked for, the numbers of a run agree with each other.
#include "client/load.hpp"
#include "tests/fault_server/fault_server.hpp"
#include "tests/identities.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

/// Every kind of load, on every engine, each with and without an end by number.
std::vector<LoadPlan> all_plans() {
    std::vector<LoadPlan> plans;
    for (const Engine engine : permitted_engines())
        for (const bool keep_alive : {false, true})
            for (const std::optional<double> rate : {std::optional<double>{}, std::optional<double>{3000}})
                for (const Delay& delay : {Delay(), Delay::exponential(2ms)})
                    for (const auto warm_up : {0ms, 50ms})
                        for (const auto requests :
                             {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{401}}) {
                            LoadPlan plan;
                            plan.engine = engine;
                            plan.connections = 16;
                            plan.threads = 2;
                            plan.keep_alive = keep_alive;
                            plan.rate = rate;
                            plan.arrivals = ArrivalProcess::poisson;
                            plan.send_delay = delay;
                            plan.warm_up = warm_up;
                            plan.requests = requests;
                            plan.duration = 100ms;
                            plan.timeout = 20s;
                            plans.push_back(plan);
                        }
    return plans;
}

} // namespace

TEST_CASE("the numbers of every kind of load agree") {
    const std::vector<const Fault*> faults = {fault_named("reset-after-request"),
                                              fault_named("close-in-body"), fault_named("reset-after-answer"),
                                              fault_named("garbage")};
    for (const LoadPlan& plan : all_plans()) {
        INFO(std::string(name(plan.engine)), plan.keep_alive ? ", kept" : "", plan.rate ? ", open loop" : "",
             ", send delay ", plan.send_delay.text(), ", warm-up ", plan.warm_up.count(), " ns",
             plan.requests ? ", by number" : ", by time");
        FaultServer server(faults, 7);
        const Recording recording = Load(plan, make_target(parse_url(server.url()), plan)).take();
        check_identities(recording);
        const Counters& counters = recording.counters;
        CHECK(counters.attempts > 0);
        CHECK(counters.unanswered() > 0);
        CHECK(counters.answers > 0);
        if (plan.requests)
            CHECK(counters.attempts == *plan.requests);
        if (plan.warm_up == 0ms)
            CHECK(recording.events.size() == server.injected());
        else
            CHECK(recording.events.size() < server.injected());
    }
}

} // namespace loadgen
