#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

TEST_CASE("server variables and their errors") {
    host::Host host(test::test_options());
    const auto variable = [&host](const std::string& query) {
        test::Client client(host.port());
        client.send(
            test::get("probe.dll?variable=" + query, "X-Two: a\r\nx-two: b\r\nConnection: close\r\n"));
        const std::string body = client.read_answer().body;
        return std::pair(body, client.local_port());
    };
    CHECK(variable("REQUEST_METHOD").first == "0 4 GET");
    CHECK(variable("SCRIPT_NAME").first == "0 17 /repro/probe.dll");
    CHECK(variable("SERVER_PROTOCOL").first == "0 9 HTTP/1.1");
    CHECK(variable("SERVER_NAME").first == "0 5 test");
    CHECK(variable("REMOTE_ADDR").first == "0 10 127.0.0.1");
    CHECK(variable("SERVER_PORT").first.ends_with(fmt::format(" {}", host.port())));
    const auto [remote_port, port] = variable("REMOTE_PORT");
    CHECK(remote_port.ends_with(fmt::format(" {}", port)));
    CHECK(variable("HTTP_X_TWO").first == "0 5 a, b");
    CHECK(variable("ALL_HTTP").first.find("HTTP_HOST:test\n") != std::string::npos);

    const auto error = [&variable](const std::string& query, DWORD code) {
        CAPTURE(query);
        CHECK(variable(query).first.starts_with(fmt::format("{} ", code)));
    };
    error("NO_SUCH_THING", ERROR_INVALID_INDEX);
    error("HTTP_NOT_SENT", ERROR_INVALID_INDEX);
    for (const auto* name : {"REMOTE_USER", "AUTH_TYPE", "LOGON_USER", "CERT_SUBJECT", "HTTPS_KEYSIZE"}) {
        CAPTURE(name);
        CHECK(variable(name).first == "0 1 ");
    }
    CHECK(variable("INSTANCE_ID").first == "0 2 1");
    CHECK(variable("PATH_INFO").first == "0 1 ");
    CHECK(variable("REQUEST_METHOD&size=3").first == fmt::format("{} 4 ", ERROR_INSUFFICIENT_BUFFER));
    CHECK(variable("REQUEST_METHOD&size=4").first == "0 4 GET");
}

TEST_CASE("what follows the extension's name is its path info") {
    host::Host host(test::test_options());
    const auto variable = [&host](const std::string& path, const std::string& name) {
        const std::string body = test::fetch(host.port(), path + "?variable=" + name).body;
        return body.substr(body.find(' ', 2) + 1);
    };
    CHECK(variable("probe.dll/a%20b/c.txt", "PATH_INFO") == "/a b/c.txt");
    CHECK(variable("probe.dll/a/b", "SCRIPT_NAME") == "/repro/probe.dll");
    CHECK(variable("probe.dll/a/b", "URL") == "/repro/probe.dll");
    CHECK(variable("probe.dll/a/b", "PATH_TRANSLATED").ends_with("\\a\\b"));
    CHECK(variable("probe.dll", "APPL_PHYSICAL_PATH").ends_with("\\"));
    CHECK(test::fetch(host.port(), "probe.dll/../probe.dll").status == 404);
    CHECK(test::fetch(host.port(), "probe.dll/%2e%2e/x").status == 404);
}

TEST_CASE("calls that are refused") {
    host::Host host(test::test_options());
    CHECK(test::fetch(host.port(), "probe.dll?refused").body ==
          fmt::format("{0} {0} {0} {0} 0 close", ERROR_INVALID_PARAMETER));
}

TEST_CASE("a control block is refused after DONE_WITH_SESSION, and its address serves as ConnID") {
    host::Options options = test::test_options();
    // The only pool thread makes the calls before it serves the next request, which reads what they
    // returned.
    options.pool_threads = 1;
    host::Host host(options);
    CHECK(test::fetch(host.port(), "probe.dll?after-done").body == "done");
    CHECK(test::fetch(host.port(), "probe.dll?results").body ==
          fmt::format("0 {0} {0} {0} {0}", ERROR_INVALID_PARAMETER));
}
