// A block's first starts are spread, and a backlog that overflows is told of.
#include "client/load.hpp"
#include "experiment/block.hpp"
#include "tests/fault_server/fault_server.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

Recording loaded(const LoadPlan& plan) {
    const FaultServer server({}, 1);
    return Load(plan, make_target(parse_url(server.url()), plan)).take();
}

} // namespace

TEST_CASE("the connections of a closed loop begin one after the other") {
    for (const unsigned threads : {1U, 2U}) {
        LoadPlan plan;
        plan.connections = 10;
        plan.threads = threads;
        plan.requests = 10; // one for each: the delay is longer than the ramp
        plan.send_delay = Delay::constant(600ms);
        plan.ramp = 500ms;
        plan.timeout = 10s;
        const Recording recording = loaded(plan);
        CHECK(recording.counters.answers == 10);
        CHECK(recording.elapsed >= 600ms + 450ms); // the last one's beginning, and its delay
    }
}

TEST_CASE("a ramp holds nobody up when there is nothing left to start") {
    LoadPlan plan;
    plan.connections = 4;
    plan.requests = 3;
    plan.ramp = 1h;
    plan.timeout = 10s;
    CHECK(loaded(plan).counters.answers == 3); // and ends at all
}

TEST_CASE("connections that took a second are told of, if most took a fraction of it") {
    const auto with = [](int swift, int late) {
        Recording recording;
        for (int i = 0; i < swift; ++i)
            recording.connect.record(100us);
        for (int i = 0; i < late; ++i)
            recording.connect.record(1'010ms);
        return syn_retries(recording);
    };
    REQUIRE(with(97, 3));
    CHECK(with(97, 3)->starts_with("3 of 100 connections took a second or more"));
    CHECK_FALSE(with(100, 0));
    CHECK_FALSE(with(0, 0));
    CHECK_FALSE(with(3, 97)); // a long way to the server, and not its backlog
}

TEST_CASE("a server that does not close what it was asked to close is told of") {
    for (const bool keep_alive : {false, true}) {
        LoadPlan plan;
        plan.connections = 4;
        plan.requests = 8;
        plan.keep_alive = keep_alive;
        plan.timeout = 200ms;
        const FaultServer server({fault_named("silence-after-answer")}, 2);
        const Recording recording = Load(plan, make_target(parse_url(server.url()), plan)).take();
        const auto said = missing_closes(recording, keep_alive);
        REQUIRE(said);
        CHECK(said->starts_with("after 4 of 8 answers the server did not close the connection"));
        CHECK((said->find("--keep-alive") != std::string::npos) != keep_alive);
    }
    LoadPlan plan;
    plan.connections = 4;
    plan.requests = 8;
    plan.timeout = 20s;
    CHECK_FALSE(missing_closes(loaded(plan), false));
}

} // namespace loadgen
