// ServerSupportFunction, code by code, with a wrong use of each.
#include "events.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace {

std::string told(host::Host& host, const std::string& what) {
    return test::fetch(host.port(), "conformance.dll?" + what).body;
}

} // namespace

TEST_CASE("URLs as paths") {
    host::Host host(test::test_options());
    const std::string folder = test::program_folder().string();
    const std::string path = folder + "\\sub\\x.txt";
    CHECK(told(host, "map") == fmt::format("0 {} {}", path.size() + 1, path));
    CHECK(told(host, "map-whole-site") ==
          fmt::format("0 {0} {1}", folder.size() + 17, folder + "\\elsewhere\\x.txt"));
    CHECK(told(host, "map-small") == fmt::format("{} {} ", ERROR_INSUFFICIENT_BUFFER, folder.size() + 5));
    CHECK(told(host, "map-up").starts_with(fmt::format("{} ", ERROR_INVALID_PARAMETER)));
    CHECK(told(host, "map-ex") == fmt::format("0 6 true {}", path));
    CHECK(told(host, "normalize") == "0 /a b/c");
    CHECK(told(host, "normalize-wrong") == fmt::format("{} /a%2", ERROR_INVALID_PARAMETER));
}

TEST_CASE("a redirect, and one that would write a header of its own") {
    host::Host host(test::test_options());
    const test::Answer answer = test::fetch(host.port(), "conformance.dll?redirect");
    CHECK(answer.status == 302);
    CHECK(answer.head.find("Location: http://there/x\r\n") != std::string::npos);
    const test::Answer split = test::fetch(host.port(), "conformance.dll?redirect-split");
    CHECK(split.status == 200);
    CHECK(split.body == std::to_string(ERROR_INVALID_PARAMETER));
}

TEST_CASE("the connection: whether it is there, and its end") {
    host::Host host(test::test_options());
    CHECK(told(host, "connected") == "0 true");
    const test::Event closed("closed");
    closed.reset();
    test::Client client(host.port());
    client.send(test::get("conformance.dll?close"));
    CHECK(client.closed_by_server()); // while the extension still has the request
    closed.set();
    test::Client aborted(host.port()); // with RST: scripts/tests/end_to_end.sh
    aborted.send(test::get("conformance.dll?abort"));
    CHECK(aborted.closed_by_server());
}

TEST_CASE("what there is nothing to do for, and what is not there") {
    host::Host host(test::test_options());
    CHECK(told(host, "token") == "0 a token");
    for (const auto* what : {"log", "acl", "flush"}) {
        CAPTURE(what);
        CHECK(told(host, what) == "0");
    }
    CHECK(told(host, "no-buffer") == fmt::format("{0} {0} {0} {0} {0} {0} {0} {0}", ERROR_INVALID_PARAMETER));
    CHECK(told(host, "unknown") == std::to_string(ERROR_INVALID_PARAMETER));
}
