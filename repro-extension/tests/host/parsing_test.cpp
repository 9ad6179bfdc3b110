#include "base/duration.hpp"
#include "base/options.hpp"
#include "net/request_parser.hpp"
#include "net/response_head.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace std::chrono_literals;
using host::RequestParser;
using enum RequestParser::Progress;

TEST_CASE("a request byte by byte is the same request") {
    const std::string text = "POST /repro/x.dll?a=b&c HTTP/1.1\r\nHost: here\r\nX-A: 1\r\nx-a: 2\r\n"
                             "Content-Length: 5\r\n\r\nhello";
    RequestParser parser;
    std::string unread;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unread += text[i];
        const auto [progress, consumed] = parser.parse(unread);
        unread.erase(0, consumed);
        REQUIRE(progress == (i + 1 == text.size() ? complete : needs_more));
    }
    const host::Request request = parser.take();
    CHECK(unread.empty());
    CHECK(request.method == "POST");
    CHECK(request.path == "/repro/x.dll");
    CHECK(request.query == "a=b&c");
    CHECK(request.version == 11);
    CHECK(request.header("X-a") == "1, 2");
    CHECK(request.body == "hello");
    CHECK(request.keep_alive);
}

TEST_CASE("requests that came together are taken one by one") {
    const std::string text = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.0\r\n\r\n";
    RequestParser parser;
    const auto first = parser.parse(text);
    REQUIRE(first.progress == complete);
    CHECK(parser.take().path == "/1");
    parser.reset();
    const auto second = parser.parse(std::string_view(text).substr(first.consumed));
    REQUIRE(second.progress == complete);
    CHECK(first.consumed + second.consumed == text.size());
    const host::Request request = parser.take();
    CHECK(request.path == "/2");
    CHECK(request.version == 10);
}

TEST_CASE("who asks for the connection to be kept") {
    const auto keeps = [](const std::string& request) {
        RequestParser parser;
        REQUIRE(parser.parse(request).progress == complete);
        return parser.take().keep_alive;
    };
    CHECK(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    CHECK_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    CHECK_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
    CHECK(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST_CASE("chunked bodies are put together") {
    RequestParser parser;
    REQUIRE(parser
                .parse("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                       "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                .progress == complete);
    CHECK(parser.take().body == "abcde");
}

TEST_CASE("trailers add nothing to the head, and contradict nothing") {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n";
    const std::string trailers = "Host: other\r\nX-Late: 1\r\n\r\n";
    for (const std::size_t cut : {std::size_t{0}, head.size() - 10, head.size()}) {
        RequestParser parser;
        const auto first = parser.parse(head.substr(0, cut));
        REQUIRE(parser.parse((head + trailers).substr(first.consumed)).progress == complete);
        const host::Request request = parser.take();
        CHECK(request.header("Host") == "h");
        CHECK(request.headers.size() == 2);
        CHECK(request.body == "abc");
    }
}

TEST_CASE("what is refused") {
    CHECK(RequestParser().parse("NONSENSE\r\n\r\n").progress == malformed);
    CHECK(RequestParser().parse("GET / HTTP/3.0\r\n\r\n").progress == malformed);
    CHECK(RequestParser().parse("GET /" + std::string(RequestParser::head_limit, 'x')).progress == malformed);
}

TEST_CASE("what could be read in two ways is refused, and nothing of it is taken for the next request") {
    const auto refused = [](const std::string& head, std::string_view why) {
        CAPTURE(head);
        const std::string next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";
        RequestParser parser;
        CHECK(parser.parse(head + "\r\n" + next).progress == malformed);
        CHECK(parser.reason().find(why) != std::string::npos);
    };
    const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
    refused(post + "Transfer-Encoding: xchunked\r\n", "not chunked");
    refused(post + "Transfer-Encoding: chunked, identity\r\n", "not chunked");
    refused(post + "Transfer-Encoding: identity\r\n", "not chunked");
    refused(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""); // Beast's reason
    refused(post + "Transfer-Encoding:\r\n", "not chunked");
    refused(post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "");
    refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", "HTTP/1.0");
    refused("GET / HTTP/1.1\r\n", "without Host");
    refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", "more than one Host");
    RequestParser parser;
    CHECK(parser.parse(post + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n").progress == complete);
}

TEST_CASE("empty lines before a request are ignored, in whatever pieces they come") {
    const std::string text = "\r\n\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n";
    RequestParser parser;
    std::string unread;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unread += text[i];
        const auto [progress, consumed] = parser.parse(unread);
        unread.erase(0, consumed);
        REQUIRE(progress == (i + 1 == text.size() ? complete : needs_more));
    }
    CHECK(parser.take().path == "/x");
}

TEST_CASE("a target with scheme and host is its path") {
    const auto path = [](const std::string& target) {
        RequestParser parser;
        REQUIRE(parser.parse("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").progress == complete);
        const host::Request request = parser.take();
        return request.path + (request.query.empty() ? "" : "?" + request.query);
    };
    CHECK(path("http://h/repro/x.dll?a=b") == "/repro/x.dll?a=b");
    CHECK(path("HTTPS://h:81/x") == "/x");
    CHECK(path("http://h") == "/");
    CHECK(path("/http://h/x") == "/http://h/x");
}

TEST_CASE("100-continue is wanted once, and only where the client says so") {
    RequestParser parser;
    CHECK_FALSE(parser.wants_continue());
    CHECK(parser.parse("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
              .progress == needs_more);
    CHECK(parser.wants_continue());
    CHECK_FALSE(parser.wants_continue());
}

TEST_CASE("response heads") {
    const auto has = [](const std::string& head, const char* line) {
        return head.find(std::string("\r\n") + line + "\r\n") != std::string::npos;
    };
    const std::string kept = host::response_head("", "A: b\r\n\r\nbody", true);
    CHECK(kept.starts_with("HTTP/1.1 200 OK\r\nServer: isapi-host/"));
    CHECK(has(kept, "Connection: keep-alive"));
    CHECK(kept.ends_with("\r\nA: b\r\n\r\nbody"));
    CHECK(has(host::response_head("404 Gone", "", false), "Connection: close"));
    for (const auto* headers : {"", "\r\n", "A: b", "A: b\r\n", "A: b\r\n\r\n"}) {
        CAPTURE(headers);
        const std::string head = host::response_head("200 OK", headers, false);
        CHECK(head.find("\r\n\r\n") == head.size() - 4);
    }
    const std::string own = host::response_head("200 OK", "a: b\r\nconnection: close\r\n\r\n", true);
    CHECK_FALSE(has(own, "Connection: keep-alive"));
}

TEST_CASE("durations") {
    CHECK(host::parse_duration("500ms") == 500ms);
    CHECK(host::parse_duration("2s") == 2s);
    CHECK(host::parse_duration("1m") == 1min);
    CHECK(host::parse_duration("24h") == 24h);
    for (const auto* text : {"", "s", "5", "-1s", "1.5s", "1 s", "1d", "99999999999s", "4294967h"}) {
        CAPTURE(text);
        CHECK_FALSE(host::parse_duration(text));
    }
}

TEST_CASE("the command line") {
    const auto good = host::parse_command_line({"--root", ".", "--port", "0", "--thread-exit", "keeps",
                                                "--keep-alive-read", "caller", "--accept-timeout", "3s",
                                                "--prefix", "/a/", "--accept-outstanding", "7"});
    REQUIRE(good.options);
    CHECK(good.options->root.is_absolute());
    CHECK(good.options->port == 0);
    CHECK(good.options->thread_exit == host::ThreadExit::keeps);
    CHECK(good.options->keep_alive_read == host::KeepAliveRead::caller);
    CHECK(good.options->accept_timeout == 3s);
    CHECK(good.options->connection_timeout == 900s);
    CHECK(good.options->prefix == "/a");
    CHECK(good.options->accept_outstanding == 7);

    const auto mistake = [](std::vector<std::string> arguments, const char* named) {
        const auto line = host::parse_command_line(std::move(arguments));
        CAPTURE(line.text);
        CHECK_FALSE(line.options);
        CHECK(line.exit_code == 2);
        CHECK(line.text.find(named) != std::string::npos);
        CHECK(std::ranges::count(line.text, '\n') == 1);
    };
    mistake({}, "--root");
    mistake({"--root", "no-such-folder"}, "no-such-folder");
    mistake({"--root", ".", "--accept-timeout", "3"}, "--accept-timeout");
    mistake({"--root", ".", "--accept-timeout", "0s"}, "--accept-timeout");
    mistake({"--root", ".", "--port", "70000"}, "--port");
    mistake({"--root", ".", "--thread-exit", "maybe"}, "cancels|keeps");
    mistake({"--root", ".", "--accept-outstanding", "0"}, "--accept-outstanding");
    mistake({"--root", ".", "--prefix", "x"}, "--prefix");
    mistake({"--root", ".", "--frobnicate"}, "--frobnicate");
    CHECK(host::parse_command_line({"--help"}).exit_code == 0);
    CHECK(host::parse_command_line({"--version"}).text == std::string("isapi-host ") + host::version + "\n");
}
