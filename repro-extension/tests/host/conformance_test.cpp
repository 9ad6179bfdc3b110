// The rows of conformance.dll: what an extension gets from each call, and from each wrong use of it.
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>

namespace {

/// conformance.dll has a folder of its own.
struct Conformance {
    host::Options options = [] {
        host::Options beside = test::test_options();
        beside.root = test::program_folder().parent_path() / "conformance";
        return beside;
    }();
    host::Host host{options};
    std::string folder = options.root.string();

    test::Answer ask(const std::string& row, const std::string& headers = "", const std::string& body = "") {
        test::Client client(host.port());
        client.send(fmt::format("{} /repro/conformance.dll?{} HTTP/1.1\r\nHost: test\r\n{}\r\n{}",
                                body.empty() ? "GET" : "POST", row, headers, body));
        return client.read_answer();
    }
    std::string told(const std::string& row) { return ask(row).body; }

    /// Of a row whose answer ends with the connection.
    test::Answer to_the_end(const std::string& row) {
        test::Client client(host.port());
        client.send(test::get("conformance.dll?" + row));
        return client.read_to_the_end();
    }
    std::string sent(const std::string& row) { return to_the_end(row).body; }

    bool kept(const std::string& row) {
        test::Client client(host.port());
        client.send(test::get("conformance.dll?" + row));
        const test::Answer answer = client.read_answer();
        CHECK(answer.status == 200);
        if (answer.head.find("Connection: keep-alive\r\n") == std::string::npos) {
            CHECK(client.closed_by_server());
            return false;
        }
        client.send(test::get("conformance.dll?" + row));
        return client.read_answer().status == 200;
    }
};

std::string sum(const std::string& body) {
    std::uint32_t hash = 2'166'136'261;
    for (const unsigned char letter : body)
        hash = (hash ^ letter) * 16'777'619;
    return fmt::format("{} {}", body.size(), hash);
}

constexpr DWORD wrong = ERROR_INVALID_PARAMETER;

} // namespace

TEST_CASE("the list has every row, and no row is unknown") {
    Conformance dll;
    const std::string list = dll.told("list");
    std::size_t rows = 0;
    std::istringstream names(list);
    for (std::string name; std::getline(names, name); ++rows) {
        CAPTURE(name);
        test::Client client(dll.host.port());
        client.send(test::get("conformance.dll?" + name, "Connection: close\r\n"));
        if (name == "close" || name == "abort")
            CHECK(client.closed_by_server());
        else if (name != "send-url") // to its end: Wine's TransmitFile may hang when the client leaves
            CHECK(client.read_to_the_end().status != 404);
    }
    CHECK(rows > 60);
    CHECK(dll.ask("no-such-row").status == 404);
    CHECK(dll.ask("variable").status == 404);
}

TEST_CASE("server variables") {
    Conformance dll;
    CHECK(dll.told("variable=REQUEST_METHOD") == "0 4 GET");
    CHECK(dll.told("variable=SCRIPT_NAME") == "0 23 /repro/conformance.dll");
    CHECK(dll.told("variable=APPL_PHYSICAL_PATH") ==
          fmt::format("0 {} {}\\", dll.folder.size() + 2, dll.folder));
    CHECK(dll.told("variable=REMOTE_USER") == "0 1 ");
    CHECK(dll.told("variable=HTTP_HOST") == "0 5 test"); // not in the list
    CHECK(dll.told("variable=REQUEST_METHOD&size=3") == fmt::format("{} 4 ", ERROR_INSUFFICIENT_BUFFER));
    CHECK(dll.told("variable=NO_SUCH_THING").starts_with(fmt::format("{} ", ERROR_INVALID_INDEX)));
    CHECK(dll.told("no-name") == fmt::format("{}", wrong));
}

TEST_CASE("bodies") {
    Conformance dll;
    constexpr std::size_t ahead = host::RequestParser::read_ahead;
    const std::string body(60'000, 'b');
    const std::string length = fmt::format("Content-Length: {}\r\n", body.size());
    for (const auto* row : {"read", "read-async"}) {
        CAPTURE(row);
        CHECK(dll.ask(row, length, body).body == fmt::format("0 60000 {} {}", ahead, sum(body)));
        CHECK(dll.ask(row, "Content-Length: 5\r\n", "short").body == "0 5 5 " + sum("short"));
        CHECK(dll.told(row) == "0 0 0 " + sum(""));
        const std::string chunks = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body);
        CHECK(dll.ask(row, "Transfer-Encoding: chunked\r\n", chunks).body ==
              fmt::format("0 {} {} {}", 0xFFFFFFFF, ahead, sum(body)));
    }
    CHECK(dll.told("wrong-read") == fmt::format("{0} {0} {0} {0} {0} {0} {0}", wrong));
}

TEST_CASE("answers: heads, writes, files and vectors") {
    Conformance dll;
    const test::Answer header = dll.to_the_end("header");
    CHECK(header.head.starts_with("HTTP/1.1 203 Of its own\r\n"));
    CHECK(header.body == "0");
    CHECK(dll.to_the_end("header-default").status == 200);
    CHECK(dll.sent("header-default") == "0");
    CHECK(dll.sent("write") == "written 0 7");
    CHECK(dll.sent("write-async") == "written 0 7");
    CHECK(dll.sent("transmit") == "head This tail 0 14");
    CHECK(dll.sent("vector") == "one, Thisskip 0");
    CHECK(dll.sent("vector-async") == "one, Thisskip  0 14");
    CHECK(dll.told("wrong-write") == fmt::format("{0} {0} {0}", wrong));
    CHECK(dll.told("wrong-transmit") == fmt::format("{0} {0} {0} {0}", wrong));
    CHECK(dll.told("wrong-vector") == fmt::format("{0} {0} {0}", wrong));
}

TEST_CASE("the end of a request, and whether the connection is kept") {
    Conformance dll;
    CHECK(dll.kept("keep"));
    CHECK(dll.kept("keep-success"));
    CHECK_FALSE(dll.kept("keep-not"));
    CHECK_FALSE(dll.kept("done"));
    CHECK_FALSE(dll.kept("done-at-once"));
    CHECK(dll.kept("done-keep"));
    CHECK(dll.told("done") == "done by a worker");
    CHECK(dll.told("done-at-once") == "done before the return");
    CHECK(dll.ask("error").status == 500);
}

TEST_CASE("URLs as paths") {
    Conformance dll;
    const std::string& folder = dll.folder;
    const std::string path = folder + "\\sub\\x.txt";
    CHECK(dll.told("map") == fmt::format("0 {} {}", path.size() + 1, path));
    CHECK(dll.told("map-whole-site") ==
          fmt::format("0 {0} {1}", folder.size() + 17, folder + "\\elsewhere\\x.txt"));
    CHECK(dll.told("map-small") == fmt::format("{} {} ", ERROR_INSUFFICIENT_BUFFER, folder.size() + 5));
    CHECK(dll.told("map-up").starts_with(fmt::format("{} ", wrong)));
    CHECK(dll.told("map-ex") == fmt::format("0 6 true {}", path));
    CHECK(dll.told("normalize") == "0 /a b/c");
    CHECK(dll.told("normalize-wrong") == fmt::format("{} /a%2", wrong));
    CHECK(dll.ask("send-url").status == 404);
    CHECK(dll.told("wrong-url") == fmt::format("{0} {0}", wrong));
}

TEST_CASE("a redirect, and one that would write a header of its own") {
    Conformance dll;
    const test::Answer answer = dll.ask("redirect");
    CHECK(answer.status == 302);
    CHECK(answer.head.find("Location: http://there/x\r\n") != std::string::npos);
    const test::Answer split = dll.ask("redirect-split");
    CHECK(split.status == 200);
    CHECK(split.body == std::to_string(wrong));
}

TEST_CASE("the connection: whether it is there and stays, and its end") {
    Conformance dll;
    CHECK(dll.told("connected") == "0 true");
    CHECK(dll.told("keep-conn") == "0 true");
    CHECK(dll.ask("keep-conn", "Connection: close\r\n").body == "0 false");
    for (const auto* row : {"close", "abort"}) { // with RST: scripts/tests/end_to_end.sh
        CAPTURE(row);
        test::Client client(dll.host.port());
        client.send(test::get(fmt::format("conformance.dll?{}", row)));
        CHECK(client.closed_by_server());
    }
}

TEST_CASE("what there is nothing to do for, and what is not there") {
    Conformance dll;
    CHECK(dll.told("token") == "0 a token");
    CHECK(dll.told("certificate") == "0 0");
    CHECK(dll.told("wrong-certificate") == std::to_string(wrong));
    for (const auto* row : {"log", "acl", "flush"}) {
        CAPTURE(row);
        CHECK(dll.told(row) == "0");
    }
    CHECK(dll.told("no-buffer") == fmt::format("{0} {0} {0} {0} {0} {0} {0} {0}", wrong));
    CHECK(dll.told("unknown") == std::to_string(wrong));
}
