// The bytes of a request: whatever headers are given, a server finds one length, and one end.
#include "client/request.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <random>
#include <stdexcept>

namespace loadgen {
namespace {

namespace http = boost::beast::http;

std::string bytes_of(std::vector<Header> headers, std::string body = {}, bool keep_alive = false,
                     std::string method = "POST") {
    LoadPlan plan;
    plan.headers = std::move(headers);
    plan.body = std::move(body);
    plan.keep_alive = keep_alive;
    plan.method = std::move(method);
    return request_bytes(parse_url("http://h/"), plan);
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++times;
    return times;
}

void check_refused(std::string_view why, std::vector<Header> headers, std::string body = {},
                   bool keep_alive = false, std::string method = "POST") {
    CHECK_THROWS_WITH_AS(bytes_of(std::move(headers), std::move(body), keep_alive, std::move(method)),
                         doctest::Contains(std::string(why).c_str()), std::invalid_argument);
}

} // namespace

TEST_CASE("with Transfer-Encoding the body goes in chunks, without a Content-Length") {
    CHECK(bytes_of({{"Transfer-Encoding", "chunked"}}, "hello, world") ==
          "POST / HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen\r\nConnection: close\r\n"
          "Transfer-Encoding: chunked\r\n\r\nc\r\nhello, world\r\n0\r\n\r\n");
    CHECK(bytes_of({{"transfer-encoding", "Chunked"}}).ends_with("Chunked\r\n\r\n0\r\n\r\n"));
    CHECK(bytes_of({{"Transfer-Encoding", "chunked"}}, std::string(0x4001, 'x'))
              .ends_with("x\r\n1\r\nx\r\n0\r\n\r\n"));
    const std::string two =
        bytes_of({{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}}, "abc");
    CHECK(two.find("Transfer-Encoding: gzip, chunked\r\n") != std::string::npos);
    CHECK(two.ends_with("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
    check_refused("last coding must be chunked", {{"Transfer-Encoding", "gzip"}}, "abc");
    check_refused("last coding must be chunked", {{"Transfer-Encoding", "identity"}}, "abc");
    check_refused("last coding must be chunked", {{"Transfer-Encoding", "chunked, gzip"}}, "abc");
    check_refused("only once", {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}, "abc");
    check_refused("exclude each other", {{"Transfer-Encoding", "chunked"}, {"content-length", "3"}}, "abc");
}

TEST_CASE("a Content-Length that is given may not be less than the body") {
    CHECK(count(bytes_of({{"content-length", "3"}}, "abc"), "ontent-length: 3\r\n") == 1);
    CHECK(count(bytes_of({{"Content-Length", "0"}}), "Content-Length: 0\r\n") == 1);
    for (const char* wrong : {"2", "-3", "3x", "", "0x3"})
        check_refused("Content-Length", {{"Content-Length", wrong}}, "abc");
    check_refused("3, 3", {{"Content-Length", "3"}, {"Content-Length", "3"}}, "abc");

    LoadPlan plan;
    plan.headers = {{"Content-Length", "500000"}};
    CHECK(stalled_upload(plan).value_or("").find("500000, and the body's length is 0") != std::string::npos);
    CHECK(request_bytes(parse_url("http://h/"), plan).find("Content-Length: 500000\r\n") !=
          std::string::npos);
    plan.headers = {{"Content-Length", "0"}};
    CHECK_FALSE(stalled_upload(plan));
}

TEST_CASE("what the headers say of the connection is what the client does") {
    check_refused("give that option instead", {{"Connection", "Keep-Alive"}});
    check_refused("contradict each other", {{"connection", "TE, close"}}, {}, true);
    CHECK(count(bytes_of({{"Connection", "close"}}), "Connection: ") == 1);
    CHECK(bytes_of({{"Connection", "keep-alive"}}, {}, true).find("Connection: keep-alive\r\n") !=
          std::string::npos);
    const std::string te = bytes_of({{"TE", "trailers"}, {"Connection", "TE"}});
    CHECK(te.find("Connection: TE, close\r\n") != std::string::npos);
    CHECK(count(te, "Connection: ") == 1);
    CHECK(count(bytes_of({{"Connection", "TE"}}, {}, true), "Connection: ") == 1);
}

TEST_CASE("what no server could make sense of is refused with a sentence") {
    check_refused("only once", {{"Host", "a"}, {"host", "b"}});
    CHECK(bytes_of({{"Host", "a"}}).find("Host: a\r\n") != std::string::npos);
    check_refused("HTTP/1.1 only", {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}});
    CHECK(bytes_of({{"Upgrade-Insecure-Requests", "1"}}).find("Upgrade-") != std::string::npos);
    check_refused("needs a body", {{"Expect", "100-Continue"}});
    CHECK(bytes_of({{"Expect", "100-continue"}}, "abc").ends_with("\r\n\r\nabc"));
    check_refused("--method CONNECT", {}, {}, false, "CONNECT");
    check_refused("--method TRACE", {}, "abc", false, "TRACE");
    CHECK(bytes_of({}, {}, false, "TRACE").starts_with("TRACE / HTTP/1.1\r\n"));
}

TEST_CASE("random headers and bodies: refused, or a parser finds the body and nothing behind it") {
    constexpr std::string_view names[] = {
        "Content-Length", "Transfer-Encoding", "Connection", "Host", "Expect", "TE", "X-Any", "Upgrade"};
    constexpr std::string_view values[] = {"0",    "3",     "chunked",    "gzip, chunked", "close",
                                           "gzip", "other", "keep-alive", "100-continue",  "trailers"};
    std::size_t sent = 0;
    for (unsigned seed = 1; seed <= 5000; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto below = [&](std::size_t end) {
            return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
        };
        std::vector<Header> headers;
        for (std::size_t i = below(4); i > 0; --i)
            headers.push_back(
                {std::string(names[below(std::size(names))]), std::string(values[below(std::size(values))])});
        const std::string body(below(2) * below(40'000), 'x');
        LoadPlan plan;
        plan.headers = headers;
        plan.body = body;
        plan.keep_alive = below(2) == 0;
        plan.method = below(2) == 0 ? "POST" : "GET";
        std::string bytes;
        try {
            bytes = request_bytes(parse_url("http://h/"), plan);
        } catch (const std::invalid_argument& error) {
            CHECK(std::string_view(error.what()).starts_with("--header"));
            continue;
        }
        if (stalled_upload(plan))
            continue;
        ++sent;
        http::request_parser<http::string_body> parser;
        parser.eager(true);
        boost::system::error_code error;
        std::size_t used = 0;
        while (!parser.is_done() && !error && used < bytes.size())
            used += parser.put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
        CAPTURE(bytes.substr(0, 300));
        CHECK_MESSAGE(!error, error.message());
        CHECK(parser.is_done());
        CHECK(used == bytes.size());
        CHECK(parser.get().body() == body);
        CHECK(parser.get().keep_alive() == plan.keep_alive);
        CHECK((parser.get().count(http::field::content_length) == 0 ||
               parser.get().count(http::field::transfer_encoding) == 0));
    }
    CHECK(sent > 500);
}

} // namespace loadgen
