#include "base/log.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <stdexcept>

TEST_CASE("what the host answers by itself") {
    host::Host host(test::test_options());

    const auto check = [&host](const std::string& request, int status, const std::string& named) {
        CAPTURE(request.substr(0, 80));
        test::Client client(host.port());
        client.send(request);
        const test::Answer answer = client.read_answer();
        CHECK(answer.status == status);
        CHECK(answer.body.find(named) != std::string::npos);
        CHECK(answer.head.find("Connection: close\r\n") != std::string::npos);
        CHECK(client.closed_by_server());
    };
    check("GET /elsewhere HTTP/1.1\r\nHost: h\r\n\r\n", 404, "/elsewhere");
    check(test::get("missing.dll"), 404, "missing.dll");
    check(test::get("../host/missing.dll"), 404, "/repro/NAME.dll");
    check(test::get("not-isapi.dll"), 500, "not-isapi.dll");
    check(test::get("not-isapi.dll"), 500, "GetExtensionVersion");
    check(test::get("probe.dll?error"), 500, "extension reported an error");
    check("NONSENSE\r\n\r\n", 400, "malformed");
    check("GET /" + std::string(20'000, 'x'), 400, "malformed");
    const std::string post = "POST /repro/probe.dll HTTP/1.1\r\nHost: h\r\n";
    check(post + "Transfer-Encoding: xchunked\r\n\r\n" + test::get("probe.dll"), 400, "not chunked");
    check(post + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(20'000, 'x'), 400, "extension");
    check(post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(20'000, 'x'), 400, "");
    check("GET /repro/probe.dll HTTP/1.1\r\n\r\n", 400, "without Host");
    CHECK(host.counters().errors.value() == 11);
    CHECK(host.counters().requests.value() == 1); // probe.dll?error
}

TEST_CASE("a refused client that goes on sending is let go after one deadline") {
    host::Host host(test::test_options());
    test::Client client(host.port());
    client.send("NONSENSE\r\n\r\n");
    CHECK(client.read_answer().status == 400);
    // A byte at a time, each well before a deadline of its own would end.
    const bool ended = test::wait_until([&client] {
        Sleep(100);
        try {
            client.send("x");
        } catch (const std::runtime_error&) {
            return true;
        }
        return false;
    });
    CHECK(ended);
}

TEST_CASE("a thousand refusals do not silence the log") {
    std::ostringstream lines;
    const auto before = spdlog::default_logger();
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines)));
    for (int i = 0; i < 2'000; ++i)
        host::warn_of_client("404", "there is no " + std::to_string(i));
    host::warn_of_client("400", "another kind");
    spdlog::set_default_logger(before);
    const std::string text = lines.str();
    CHECK(text.find("there is no 0") != std::string::npos);
    CHECK(std::ranges::count(text, '\n') < 30);
    CHECK(text.find("another kind") != std::string::npos);
}

TEST_CASE("an answer to HEAD has no body") {
    host::Host host(test::test_options());
    for (const auto& [target, status] : {std::pair{"probe.dll", 200}, std::pair{"missing.dll", 404}}) {
        test::Client client(host.port());
        client.send("HEAD /repro/" + std::string(target) + " HTTP/1.0\r\n\r\n");
        CHECK(client.read_answer(true).status == status);
        CHECK(client.closed_by_server());
    }
}

TEST_CASE("a request in pieces, and a body as long as is read ahead") {
    host::Host host(test::test_options());
    test::Client client(host.port());
    const std::string body(host::RequestParser::read_ahead, 'b');
    client.send("POST /repro/pro");
    client.send("be.dll?echo HTTP/1.1\r\nHost: h\r\nContent-Length: 49152\r\nConnection: close\r\n");
    client.send("\r\n");
    client.send(body);
    CHECK(client.read_answer().body == body);
}

TEST_CASE("a client that leaves without a byte is no failure") {
    host::Host host(test::test_options());
    { const test::Client client(host.port()); }
    CHECK(test::wait_until([&host] { return host.counters().empty_connections.value() == 1; }));
    CHECK(test::fetch(host.port(), "probe.dll").status == 200);
}
