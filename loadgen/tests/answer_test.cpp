// Answers as they may come: in one piece, byte by byte, too long, too short, not HTTP.
#include "client/answer.hpp"
#include "client/engine/stream_end.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {
namespace {

namespace http = boost::beast::http;

/// Feeds the text in pieces of `size` until it is used up, the answer is complete or an error has come.
boost::system::error_code feed(AnswerReader& reader, std::string_view text, std::size_t size) {
    while (!text.empty() && !reader.complete()) {
        const std::span<char> space = reader.space();
        const std::size_t taken = std::min({size, space.size(), text.size()});
        std::copy_n(text.begin(), taken, space.begin());
        text.remove_prefix(taken);
        if (const auto error = reader.advance(taken))
            return error;
    }
    return {};
}

constexpr std::array<std::size_t, 3> sizes = {1, 7, 100'000};

} // namespace

TEST_CASE("whole answers, in pieces of any size") {
    const std::string long_body(100'000, 'x');
    struct Answer {
        std::string text;
        unsigned status;
        bool keeps;
    };
    const std::vector<Answer> answers = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, true},
        {"HTTP/1.1 204 No Content\r\n\r\n", 204, true},
        {"HTTP/1.1 000 Zero\r\nContent-Length: 5\r\n\r\nhello", 0, true},
        {"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 404, false},
        {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, false},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\nTrailer: 1\r\n\r\n",
         200, true},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, true},
        {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + long_body, 200, true},
    };
    for (const auto& answer : answers) {
        for (const std::size_t size : sizes) {
            INFO(answer.text.substr(0, 60), " in pieces of ", size);
            AnswerReader reader(false);
            CHECK_FALSE(feed(reader, answer.text, size));
            CHECK(reader.complete());
            CHECK_FALSE(reader.has_surplus());
            CHECK(reader.parser().status() == answer.status);
            CHECK(reader.keeps_connection() == answer.keeps);
        }
    }
}

TEST_CASE("the headers that a load needs to know") {
    AnswerReader reader(false);
    CHECK_FALSE(feed(reader,
                     "HTTP/1.1 200 OK\r\nx-repro-variant: thread-pool\r\nConnection: "
                     "Keep-Alive\r\nContent-Length: 0\r\n\r\n",
                     100'000));
    CHECK(reader.parser().variant() == "thread-pool");
    CHECK(reader.parser().says_keep_alive());
    reader.restart();
    CHECK_FALSE(feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 100'000));
    CHECK(reader.parser().variant().empty());
    CHECK_FALSE(reader.parser().says_keep_alive());
}

TEST_CASE("an answer to HEAD ends with its head") {
    AnswerReader reader(true);
    CHECK_FALSE(feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 3));
    CHECK(reader.complete());
}

TEST_CASE("bytes beyond the end are surplus, and the connection is not kept") {
    AnswerReader reader(false);
    CHECK_FALSE(feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world", 100'000));
    CHECK(reader.complete());
    CHECK(reader.has_surplus());
    CHECK_FALSE(reader.keeps_connection());
}

TEST_CASE("the end of the stream ends some answers and cuts others short") {
    struct End {
        std::string_view text;
        boost::system::error_code expected;
    };
    const std::vector<End> ends = {
        {"", http::error::end_of_stream},
        {"HTTP/1.1 2", http::error::partial_message},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", http::error::partial_message},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", http::error::partial_message},
        {"HTTP/1.1 200 OK\r\n\r\nuntil the end", {}},
    };
    const auto truncated = [](const boost::system::error_code& expected) { // RFC 9112, 9.8
        return expected ? expected : make_error_code(http::error::partial_message);
    };
    for (const auto& end : ends) {
        INFO(end.text);
        AnswerReader reader(false);
        CHECK_FALSE(feed(reader, end.text, 100'000));
        CHECK_FALSE(reader.complete());
        CHECK(reader.end_of_input(truncated_stream()) == truncated(end.expected));
        CHECK(reader.end_of_input(boost::asio::error::eof) == end.expected);
    }
}

TEST_CASE("what is not HTTP is an error, and no head is endless") {
    for (const std::size_t size : sizes) {
        AnswerReader garbage(false);
        CHECK(feed(garbage, "220 mail.example.com ESMTP\r\n", size));
        AnswerReader endless(false);
        CHECK(feed(endless, "HTTP/1.1 200 OK\r\nX: " + std::string(1'000'000, 'y'), size) ==
              http::error::header_limit);
        const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        AnswerReader extension(false);
        CHECK(feed(extension, chunked + "5;" + std::string(1'000'000, 'y'), size) ==
              http::error::header_limit);
        AnswerReader trailers(false);
        CHECK(feed(trailers, chunked + "0\r\nX: " + std::string(1'000'000, 'y'), size) ==
              http::error::header_limit);
    }
}

} // namespace loadgen
