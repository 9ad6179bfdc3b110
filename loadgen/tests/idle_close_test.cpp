// A server closes kept connections while they are idle. What the client's kernel knows of that before the
// next request is written must not cost a request, on any engine and under any load.
#include "client/load.hpp"
#include "tests/closing_server.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

Recording load(Engine engine, std::uint16_t port, bool open_loop) {
    LoadPlan plan;
    plan.engine = engine;
    plan.connections = 64;
    plan.threads = 2;
    plan.keep_alive = true;
    plan.duration = 2s;
    plan.timeout = 20s;
    if (open_loop)
        plan.rate = 4'000;
    else
        plan.send_delay = Delay::uniform(5ms, 20ms);
    return Load(plan, make_target(parse_url(fmt::format("http://127.0.0.1:{}/", port)), plan)).take();
}

} // namespace

TEST_CASE("no request is written into an end that the kernel has, and few cross one") {
    for (const bool open_loop : {false, true}) {
        for (const Engine engine : permitted_engines()) {
            // In the open loop few connections are in use, and more often free.
            ClosingServer server(open_loop ? 30ms : 300ms);
            const Recording recording = load(engine, server.port(), open_loop);
            const ClosingServer::Ledger ledger = server.finish();
            const auto looked_for = std::count_if(ledger.late.begin(), ledger.late.end(),
                                                  [](const LateRequest& one) { return one.was_looked_for; });
            const auto old = std::count_if(ledger.late.begin(), ledger.late.end(),
                                           [](const LateRequest& one) { return one.age > 1ms; });
            const Counters& counters = recording.counters;
            INFO(name(engine), open_loop ? ", open loop" : ", pauses");
            MESSAGE(
                fmt::format("{}{}: {} attempts, {} closes, {} found closed, {} lost, {} into a known end, "
                            "{} into one older than 1 ms",
                            name(engine), open_loop ? ", open loop" : "", counters.attempts, ledger.closes,
                            counters.idle_closes, counters.lost(), looked_for, old));
            CHECK(ledger.closes > 100);
            CHECK(counters.idle_closes > ledger.closes / 2);
            CHECK(looked_for == 0);
            CHECK(counters.lost() >= ledger.late.size()); // others arrived just before the end
            // Crossing is a matter of some microseconds, of which a busy machine makes more.
            CHECK(counters.lost() <= ledger.closes / 50);
        }
    }
}

} // namespace loadgen
