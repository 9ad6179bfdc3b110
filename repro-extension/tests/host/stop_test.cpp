#include "faults/broken_rules.hpp"

#include "events.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace std::chrono_literals;

TEST_CASE("a stop waits for the requests in progress") {
    const test::Event release("release");
    const test::Event started("started");
    release.reset();
    started.reset();
    host::Host host(test::test_options());
    const std::uint16_t port = host.port();
    test::Client client(port);
    client.send(test::get("done-after-return.dll?keep"));
    REQUIRE(started.wait());
    test::Client idle(port);
    idle.send(test::get("probe.dll?keep"));
    CHECK(idle.read_answer().status == 200);
    test::Client silent(port);

    std::jthread stop([&host] { host.stop(); });
    CHECK(idle.closed_by_server());
    CHECK(silent.closed_by_server());
    // The listening socket is closed before the others.
    CHECK_THROWS(test::Client{port});
    release.set();
    CHECK(client.read_answer().body == "done after return");
    CHECK(client.closed_by_server());
    stop.join();
    CHECK(host.counters().answers.value() == 2);
    CHECK(host.counters().victims.value() == 0);
    CHECK(host.counters().harmless_cancels.value() == 0);
    CHECK(host.counters().cancelled_reads.value() == 0);
    CHECK(GetModuleHandleW(L"done-after-return.dll") == nullptr);
}

TEST_CASE("a client that is silent in the middle of its body is no fault of the extension that reads on") {
    host::BrokenRules::clear();
    host::Options options = test::test_options();
    options.stop_timeout = 4s;
    host::Host host(options);
    test::Client client(host.port());
    client.send("POST /repro/client-io.dll?async-read HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" +
                std::string(50'000, 'x')); // the extension gets it with the first 48 KB
    REQUIRE(test::wait_until([&] { return host.counters().requests.value() == 1; }));
    CHECK(host.stop());
    CHECK(host.stop());                                   // again: nothing is left to do
    CHECK(client.read_answer().body.starts_with("995 ")); // ERROR_OPERATION_ABORTED
    CHECK(host::BrokenRules::all().empty());
    CHECK(host.counters().cancelled_calls.value() == 0);
}

TEST_CASE("a client that stays silent is closed by the accept timeout") {
    host::Options options = test::test_options();
    options.accept_timeout = 1s;
    host::Host host(options);
    test::Client client(host.port());
    CHECK(client.closed_by_server());
    CHECK(host.counters().accept_timeouts.value() == 1);
    CHECK(host.counters().victims.value() == 0);
    CHECK(test::fetch(host.port(), "probe.dll").status == 200);
}

TEST_CASE("an idle kept connection and half a request are closed by the connection timeout") {
    host::Options options = test::test_options();
    options.connection_timeout = 200ms;
    host::Host host(options);
    test::Client idle(host.port());
    idle.send(test::get("probe.dll?keep"));
    CHECK(idle.read_answer().status == 200);
    CHECK(idle.closed_by_server());
    test::Client half(host.port());
    half.send("GET /repro/pro");
    CHECK(half.closed_by_server());
    CHECK(host.counters().connection_timeouts.value() == 2);
    CHECK(host.counters().cancelled_reads.value() == 0);
}
