#include "events.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>

TEST_CASE("done before HttpExtensionProc returns: the context serves the next client meanwhile") {
    const test::Event may_return("return");
    may_return.reset();
    host::Host host(test::test_options());
    CHECK(test::fetch(host.port(), "done-before-return.dll?hold").body == "done before return");
    for (int i = 0; i < 5; ++i)
        CHECK(test::fetch(host.port(), "probe.dll").body == "probe");
    may_return.set();
    host.stop();
    CHECK(host.counters().requests.value() == 6);
    CHECK(host.counters().answers.value() == 6);
}

TEST_CASE("done after HttpExtensionProc returned") {
    const test::Event release("release");
    release.reset();
    host::Options options = test::test_options();
    options.pool_threads = 1;
    host::Host host(options);
    test::Client client(host.port());
    client.send(test::get("done-after-return.dll", "Connection: close\r\n"));
    // The only pool thread answers this one, so it is back from the first.
    const test::Event started("started");
    REQUIRE(started.wait());
    CHECK(test::fetch(host.port(), "probe.dll").body == "probe");
    release.set();
    CHECK(client.read_answer().body == "done after return");
    CHECK(client.closed_by_server());
}

TEST_CASE("a connection is kept if client and extension both want it") {
    host::Host host(test::test_options());
    const auto kept = [&host](const std::string& target, const char* headers) {
        CAPTURE(target);
        test::Client client(host.port());
        client.send(test::get(target, headers));
        const test::Answer answer = client.read_answer();
        CHECK(answer.status == 200);
        if (answer.head.find("Connection: keep-alive\r\n") == std::string::npos) {
            CHECK(client.closed_by_server());
            return false;
        }
        client.send(test::get(target, headers));
        return client.read_answer().status == 200;
    };
    for (const std::string dll : {"probe.dll", "done-before-return.dll"}) {
        CHECK(kept(dll + "?keep", ""));
        CHECK_FALSE(kept(dll + "?keep", "Connection: close\r\n"));
    }
    CHECK(kept("probe.dll?keep&plain", ""));
    CHECK_FALSE(kept("probe.dll?keep&fKeepConn=0", ""));

    // A synchronous SUCCESS is SUCCESS_AND_KEEP_CONN where the head has said that it is kept.
    CHECK(kept("probe.dll", ""));
    CHECK_FALSE(kept("probe.dll", "Connection: close\r\n"));
    for (const auto* dll : {"probe.dll?fKeepConn=0", "probe.dll?plain", "done-before-return.dll"}) {
        CAPTURE(dll);
        test::Client client(host.port());
        client.send(test::get(dll));
        CHECK(client.read_answer().status == 200);
        CHECK(client.closed_by_server());
    }
}

TEST_CASE("HTTP/1.0 keeps on request") {
    host::Host host(test::test_options());
    test::Client client(host.port());
    for (int i = 0; i < 2; ++i) {
        client.send("GET /repro/probe.dll?keep HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(client.read_answer().status == 200);
    }
    client.send("GET /repro/probe.dll?keep HTTP/1.0\r\n\r\n");
    CHECK(client.read_answer().status == 200);
    CHECK(client.closed_by_server());
}

TEST_CASE("pipelined requests are answered in order, whoever completes them and posts reads") {
    for (const auto reader : {host::KeepAliveRead::pool, host::KeepAliveRead::caller}) {
        host::Options options = test::test_options();
        options.keep_alive_read = reader;
        host::Host host(options);
        test::Client client(host.port());
        client.send(test::get("done-before-return.dll?keep") + test::get("probe.dll?keep") +
                    test::get("done-before-return.dll?keep") +
                    test::get("probe.dll", "Connection: close\r\n"));
        CHECK(client.read_answer().body == "done before return");
        CHECK(client.read_answer().body == "probe");
        CHECK(client.read_answer().body == "done before return");
        CHECK(client.read_answer().body == "probe");
        CHECK(client.closed_by_server());
        CHECK(host.counters().accepted.value() == 1);
    }
}

TEST_CASE("contexts are recycled") {
    host::Host host(test::test_options());
    for (unsigned i = 0; i < 25; ++i) {
        CHECK(test::fetch(host.port(), "probe.dll").status == 200);
        CHECK(test::fetch(host.port(), "done-before-return.dll").status == 200);
        // Its thread exits now. A client that came before that would be a victim.
        REQUIRE(test::wait_until([&] { return host.counters().harmless_cancels.value() == i + 1; }));
    }
    // One client at a time: one outstanding, and what the pool's two threads can have in hand.
    CHECK(host.contexts() <= 4);
}

TEST_CASE("CLOSE_CONNECTION ends the connection while the extension still has the request") {
    const test::Event closed("closed");
    closed.reset();
    host::Host host(test::test_options());
    test::Client client(host.port());
    client.send(test::get("probe.dll?close-connection"));
    CHECK(client.closed_by_server());
    closed.set();
}
