// What a slot does when nobody listens: it waits, longer each time, and goes on as soon as somebody does.
#include "client/back_off.hpp"
#include "client/load.hpp"
#include "tests/identities.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace loadgen {

using namespace std::chrono_literals;

TEST_CASE("the pause after a refused attempt doubles up to its longest, and begins anew after a connection") {
    BackOff back_off;
    for (int again = 0; again < 2; ++again) {
        for (const auto pause : {10ms, 20ms, 40ms, 80ms, 160ms, 200ms, 200ms})
            CHECK(back_off.after(again == 0 ? Cause::refused : Cause::unreachable, 0ns) == pause);
        back_off.reset();
    }
    CHECK(back_off.after(Cause::refused, 3ms) == 10ms);
    CHECK(back_off.after(Cause::refused, 50ms) == 50ms); // the send delay that it did not wait for
    CHECK(back_off.after(Cause::refused, 5s) == 5s);
    CHECK(back_off.after(Cause::refused, 50ms) == 80ms);
}

TEST_CASE("only what costs nothing is waited after") {
    BackOff back_off;
    for (const Cause cause : all_causes) {
        const bool waits = cause == Cause::refused || cause == Cause::unreachable || cause == Cause::local;
        CHECK((back_off.after(cause, 0ns) > 0ns) == waits);
    }
    back_off.reset();
    CHECK(back_off.after(Cause::local, 0ns) == 100ms);
    CHECK(back_off.after(Cause::local, 0ns) == 100ms);
    CHECK(back_off.after(Cause::refused, 0ns) == 10ms); // those have nothing to do with it
}

#ifdef __linux__ // Windows tries for two seconds until it says that nobody listens

namespace {

using boost::asio::ip::tcp;

/// A port of ours at which nobody listens, until somebody does.
class QuietPort {
  public:
    QuietPort() : acceptor_(context_) {
        acceptor_.open(tcp::v4());
        acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
    }
    void listen() { acceptor_.listen(1024); }
    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
    }

  private:
    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
};

LoadPlan plan_for(Engine engine) {
    LoadPlan plan;
    plan.engine = engine;
    plan.threads = 2;
    plan.timeout = 20s;
    return plan;
}

Recording load(const QuietPort& port, const LoadPlan& plan) {
    Recording recording = Load(plan, make_target(parse_url(port.url()), plan)).take();
    check_identities(recording);
    return recording;
}

} // namespace

TEST_CASE("64 connections to nobody are no flood, and end when the load is over") {
    const QuietPort port;
    for (const Engine engine : permitted_engines()) {
        CAPTURE(std::string(name(engine)));
        LoadPlan plan = plan_for(engine);
        plan.duration = 2s;
        const Recording recording = load(port, plan);
        // At 0, 10, 30, 70, 150 and 310 ms, and then every 200 ms.
        CHECK(recording.counters.of(Cause::refused) == recording.counters.attempts);
        CHECK(recording.counters.attempts <= 64 * 15);
        CHECK(recording.counters.attempts >= 64 * 3);
        CHECK(recording.elapsed < 2500ms); // not only when the last slots have paused
        CHECK(recording.unstarted == 0);
    }
}

TEST_CASE("a slot waits as long as it would have waited before it sent") {
    const QuietPort port;
    LoadPlan plan = plan_for(Engine::asio);
    plan.connections = 4;
    plan.duration = 300ms;
    plan.send_delay = Delay::constant(10s);
    const Recording recording = load(port, plan);
    CHECK(recording.counters.attempts == 4);
    CHECK(recording.elapsed < 5s);
}

TEST_CASE("as many attempts as were asked for are made") {
    const QuietPort port;
    for (const Engine engine : permitted_engines()) {
        LoadPlan plan = plan_for(engine);
        plan.requests = 200;
        CHECK(load(port, plan).counters.attempts == 200);
    }
}

TEST_CASE("open loop: attempts start at their times, whether or not somebody listens") {
    const QuietPort port;
    for (const Engine engine : permitted_engines()) {
        LoadPlan plan = plan_for(engine);
        plan.connections = 8;
        plan.rate = 500;
        plan.duration = 1s;
        const Recording recording = load(port, plan);
        CHECK(recording.counters.attempts + recording.unstarted == 500);
        CHECK(recording.unstarted < 50); // a busy machine
    }
}

TEST_CASE("a server that starts meanwhile is found within the longest pause") {
    for (const Engine engine : permitted_engines()) {
        CAPTURE(std::string(name(engine)));
        QuietPort port;
        LoadPlan plan = plan_for(engine);
        plan.duration = 1min;
        Load running(plan, make_target(parse_url(port.url()), plan));
        while (running.progress().refused_or_unreachable < 64 * 6 && !running.wait_for(1ms)) {
        }
        port.listen();
        const auto listening = std::chrono::steady_clock::now();
        while (running.progress().established == 0 && !running.wait_for(1ms)) {
        }
        CHECK(std::chrono::steady_clock::now() - listening < BackOff::longest + 500ms);
        running.abandon();
        check_identities(running.take());
    }
}

#endif

} // namespace loadgen
