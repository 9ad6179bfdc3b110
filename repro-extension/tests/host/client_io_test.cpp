// Bodies of any length, and every way to answer: ReadClient, WriteClient, files, vectors.
#include "events.hpp"
#include "faults/broken_rules.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace {

constexpr std::uint32_t unknown_length = 0xFFFFFFFF;
constexpr std::size_t ahead = host::RequestParser::read_ahead;
const std::string dll = "client-io.dll";

std::string post(const std::string& query, const std::string& headers, const std::string& path = {}) {
    return fmt::format("POST /repro/{}{}?{} HTTP/1.1\r\nHost: test\r\n{}\r\n", dll, path, query, headers);
}

/// As the extension adds a body up.
std::string sum(const std::string& body) {
    std::uint32_t hash = 2'166'136'261;
    for (const unsigned char letter : body)
        hash = (hash ^ letter) * 16'777'619;
    return fmt::format("{} {:08x}", body.size(), hash);
}

using Random = std::mt19937;

std::size_t up_to(Random& random, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
}

/// Around what is read ahead, and anywhere.
std::string random_body(Random& random) {
    const std::size_t length = up_to(random, 3) == 0 ? ahead - 2 + up_to(random, 4)
                                                     : up_to(random, up_to(random, 1) == 0 ? 300 : 300'000);
    std::string body(length, '\0');
    std::ranges::generate(body, [&random] { return static_cast<char>(random()); });
    return body;
}

std::string in_chunks(Random& random, const std::string& body) {
    std::string text;
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t size =
            std::min(1 + up_to(random, up_to(random, 1) == 0 ? 20 : 60'000), body.size() - at);
        text += fmt::format("{:x}{}\r\n", size, up_to(random, 9) == 0 ? ";name=value" : "");
        text.append(body, at, size).append("\r\n");
        at += size;
    }
    return text + "0\r\n\r\n";
}

void send_in_pieces(test::Client& client, Random& random, std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t size =
            std::min(1 + up_to(random, up_to(random, 1) == 0 ? 200 : 200'000), bytes.size());
        client.send(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
}

/// What the extension must have read, as it tells it; for a synchronous read with the block's lengths.
bool told_right(const std::string& told, const std::string& body, bool chunked, bool async) {
    if (async)
        return told == "0 " + sum(body);
    const auto with = [&](std::size_t total) {
        return told == fmt::format("{} {} {}", total, std::min(body.size(), ahead), sum(body));
    };
    // What is just as long as is read ahead may have come with its last chunk or without.
    return (with(body.size()) && (!chunked || body.size() <= ahead)) ||
           (with(unknown_length) && chunked && body.size() >= ahead);
}

} // namespace

TEST_CASE("random bodies, in random pieces, are read whole, and the next request begins behind them") {
    host::Options options = test::test_options();
    options.accept_outstanding = 4;
    host::Host host(options);
    const unsigned seed = std::random_device()();
    for (unsigned one = seed; one < seed + 400; ++one) {
        CAPTURE(one);
        Random random(one);
        test::Client client(host.port());
        std::string all;
        struct Wanted {
            std::string body;
            bool chunked;
            bool async;
        };
        std::vector<Wanted> wanted;
        for (std::size_t i = 0; i <= up_to(random, 3); ++i) {
            wanted.push_back({random_body(random), up_to(random, 1) == 0, up_to(random, 1) == 0});
            const Wanted& next = wanted.back();
            all += post(fmt::format("{}&keep&piece={}", next.async ? "async-read" : "read",
                                    1 + up_to(random, up_to(random, 1) == 0 ? 100'000 : 3'000)),
                        next.chunked ? "Transfer-Encoding: chunked\r\n"
                                     : fmt::format("Content-Length: {}\r\n", next.body.size()));
            all += next.chunked ? in_chunks(random, next.body) : next.body;
        }
        send_in_pieces(client, random, all);
        for (const Wanted& next : wanted) {
            const std::string told = client.read_answer().body;
            CAPTURE(next.body.size());
            CAPTURE(next.chunked);
            CAPTURE(next.async);
            CAPTURE(told);
            REQUIRE(told_right(told, next.body, next.chunked, next.async));
        }
    }
}

TEST_CASE("a body that ends early, and one that is not one") {
    host::Host host(test::test_options());
    const std::string half(60'000, 'h');
    test::Client early(host.port());
    early.send(post("read", "Content-Length: 100000\r\n") + half);
    early.end_sending();
    CHECK(early.read_answer().body == fmt::format("100000 49152 {}", sum(half)));
    for (const std::string how : {"read", "async-read"}) {
        CAPTURE(how);
        test::Client wrong(host.port());
        wrong.send(post(how, "Transfer-Encoding: chunked\r\n") + fmt::format("{:x}\r\n", half.size()) + half +
                   "\r\nnonsense\r\n");
        const std::string told = wrong.read_answer().body;
        CHECK(told.find(std::to_string(ERROR_INVALID_DATA)) != std::string::npos);
        CHECK(wrong.closed_by_server());
    }
}

TEST_CASE("a body that is not read does not end the connection before its answer is there") {
    host::Host host(test::test_options());
    for (const std::string keep : {"", "&keep"}) {
        test::Client client(host.port());
        client.send(post("ignore" + keep, "Content-Length: 2000000\r\n") + std::string(1'000'000, 'b'));
        CHECK(client.read_answer().body == "not read");
        CHECK(client.closed_by_server());
    }
}

TEST_CASE("answers by asynchronous writes, of a file, of a vector") {
    host::Host host(test::test_options());
    const auto answered = [&host](const std::string& query) {
        CAPTURE(query);
        test::Client client(host.port());
        client.send(test::get(dll + "/" + dll + "?" + query));
        const test::Answer answer = client.read_answer();
        CHECK(client.closed_by_server());
        return answer;
    };
    CHECK(answered("async-write&bytes=10").body == "wwwwwwwwww");
    CHECK(answered("async-write&bytes=20000000").body == std::string(20'000'000, 'w'));
    const test::Answer part = answered("transmit");
    CHECK(part.status == 203);
    CHECK(part.head.find("Content-Type: x/y\r\n") != std::string::npos);
    CHECK(part.body == "head This tail"); // 0x4e: "This program cannot be run in DOS mode"
    const auto size = std::filesystem::file_size(test::program_folder() / dll);
    const test::Answer whole = answered("transmit&whole&disconnect&keep");
    CHECK(whole.body.size() == size + 10);
    CHECK(whole.body.starts_with("head MZ"));
    CHECK(whole.body.ends_with(" tail"));
    CHECK(answered("vector").body == "one, Thisskip ");
    CHECK(answered("async-vector").body == "one, Thisskip ");
}

TEST_CASE("the file that a URL names") {
    host::Host host(test::test_options());
    const auto size = std::filesystem::file_size(test::program_folder() / dll);
    CHECK(test::fetch(host.port(), dll + "?send-url=/repro/" + dll).body.size() == size);
    CHECK(test::fetch(host.port(), dll + "?send-url=/repro/no-such.txt").status == 404);
    CHECK(test::fetch(host.port(), dll + "?send-url=/repro/../x").body ==
          fmt::format("error {}", ERROR_INVALID_PARAMETER));
    CHECK(test::fetch(host.port(), dll + "?send-url=").body ==
          fmt::format("error {}", ERROR_INVALID_PARAMETER));
}

TEST_CASE("no client has a certificate") {
    host::Host host(test::test_options());
    CHECK(test::fetch(host.port(), dll + "?certificate").body ==
          fmt::format("0 0 {}", ERROR_INVALID_PARAMETER));
}

TEST_CASE("wrong uses, each with its error") {
    host::Host host(test::test_options());
    CHECK(test::fetch(host.port(), dll + "?wrong").body ==
          "write 87 87 87; read 87 87; completion 87; before 87 87; read 87 87 87; file 87 87 87; vector 87 "
          "87 87");
}

// What is read ahead is all that the client sends at first: so the call must wait.
TEST_CASE("one asynchronous call at a time") {
    const test::Event called("called");
    called.reset();
    host::Host host(test::test_options());
    const std::string body(50'000, 'b');
    test::Client client(host.port());
    client.send(post("async-read&twice", "Content-Length: 50000\r\n") + body.substr(0, ahead));
    REQUIRE(called.wait());
    client.send(body.substr(ahead));
    CHECK(client.read_answer().body == fmt::format("0 {} {}", sum(body), ERROR_INVALID_PARAMETER));
}

TEST_CASE("a request that is completed while a call of it is under way: named, and its client let go") {
    const test::Event called("called");
    called.reset();
    host::BrokenRules::clear();
    host::Host host(test::test_options());
    test::Client client(host.port());
    client.send(post("async-read&done-during", "Content-Length: 50000\r\n") + std::string(ahead, 'b'));
    REQUIRE(called.wait());
    CHECK(client.closed_by_server());
    host.stop();
    const auto broken = host::BrokenRules::all();
    REQUIRE(broken.size() == 1);
    CHECK(broken[0].rule == host::Rule::done_during_io);
    CHECK(broken[0].extension == dll);
    CHECK(host.counters().cancelled_calls.value() == 0);
}

TEST_CASE("a call dies with the thread that made it: the extension is told, and it is counted") {
    for (const bool cancels : {true, false}) {
        host::Options options = test::test_options();
        options.thread_exit = cancels ? host::ThreadExit::cancels : host::ThreadExit::keeps;
        host::Host host(options);
        test::Client client(host.port());
        const std::string body(50'000, 'b');
        client.send(post("async-read&thread", "Content-Length: 50000\r\n") + body.substr(0, ahead));
        if (cancels) {
            CHECK(client.read_answer().body == fmt::format("995 {}", sum(body.substr(0, ahead))));
        } else {
            // Whether the thread has exited by now or not, the call goes on.
            client.send(body.substr(ahead));
            CHECK(client.read_answer().body == "0 " + sum(body));
        }
        host.stop();
        CHECK(host.counters().cancelled_calls.value() == (cancels ? 1 : 0));
        const auto exits = host.exposures().all();
        REQUIRE(exits.size() == (cancels ? 1 : 0));
        if (cancels) {
            CHECK(exits[0].extension == dll);
            CHECK(exits[0].calls == 1);
            CHECK(exits[0].exposures == 0);
        }
    }
}
