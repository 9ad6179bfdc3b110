#include "client/request.hpp"
#include "client/url.hpp"
#include "experiment/variant.hpp"
#include "options/duration.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace loadgen {

using namespace std::chrono_literals;

TEST_CASE("durations") {
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("2s") == 2s);
    CHECK(parse_duration("1.5s") == 1500ms);
    CHECK(parse_duration("8.2ms") == 8200us); // 8.2 * 1e6 is a little less than 8200000
    CHECK(parse_duration("1m") == 60s);
    CHECK(parse_duration("250us") == 250us);
    CHECK(parse_duration("0s") == 0s);
    for (const char* wrong : {"", "5", "s", "-1s", "1 s", "1sec", "nans", "infs", "1e3s", "99999999h"})
        CHECK_THROWS_AS(parse_duration(wrong), std::invalid_argument);
}

TEST_CASE("delays stay in their range, and follow the seed") {
    std::mt19937_64 random(7);
    const Delay uniform = parse_delay("uniform:10ms..40ms");
    std::chrono::nanoseconds sum{0};
    for (int i = 0; i < 10'000; ++i) {
        const auto drawn = uniform.draw(random);
        CHECK(drawn >= 10ms);
        CHECK(drawn <= 40ms);
        sum += drawn;
    }
    CHECK(sum / 10'000 > 24ms);
    CHECK(sum / 10'000 < 26ms);

    const Delay exponential = parse_delay("exp:20ms");
    sum = 0ns;
    for (int i = 0; i < 10'000; ++i)
        sum += exponential.draw(random);
    CHECK(sum / 10'000 > 19ms);
    CHECK(sum / 10'000 < 21ms);

    std::mt19937_64 again(7);
    std::mt19937_64 other(7);
    CHECK(uniform.draw(again) == uniform.draw(other));
    CHECK(parse_delay("20ms").draw(random) == 20ms);
    for (const char* text : {"20ms", "uniform:10ms..40ms", "exp:20ms", "0s", "2s", "250us"})
        CHECK(parse_delay(text).text() == text);
    for (const char* wrong : {"uniform:1ms", "uniform:2ms..1ms", "exp:", "gauss:1ms"})
        CHECK_THROWS_AS(parse_delay(wrong), std::invalid_argument);
}

TEST_CASE("URLs") {
    const Url full = parse_url("http://example.com:8080/repro/a.dll?work=5#part");
    CHECK(full.host == "example.com");
    CHECK(full.port == 8080);
    CHECK(full.authority == "example.com:8080");
    CHECK(full.target == "/repro/a.dll?work=5");
    const Url bare = parse_url("http://example.com");
    CHECK(bare.port == 80);
    CHECK(bare.authority == "example.com");
    CHECK(bare.target == "/");
    CHECK(parse_url("http://example.com?x").target == "/?x");
    CHECK(parse_url("http://[::1]:81/").host == "::1");
    CHECK(parse_url("http://[::1]:81/").authority == "[::1]:81");
    for (const char* wrong :
         {"", "example.com", "http://", "http:///x", "ftp://h/", "http://h:0/", "http://h:99999/",
          "http://h:pa/", "http://h:80x/", "http://u@h/", "http://h/ space"})
        CHECK_THROWS_AS(parse_url(wrong), std::invalid_argument);
}

TEST_CASE("the request's bytes") {
    const Url url = parse_url("http://h:81/x?y");
    LoadPlan plan;
    CHECK(request_bytes(url, plan) ==
          "GET /x?y HTTP/1.1\r\nHost: h:81\r\nUser-Agent: loadgen\r\nConnection: close\r\n\r\n");
    plan.keep_alive = true;
    plan.method = "POST";
    plan.body = "abc";
    plan.headers = {{"host", "other"}, {"X-A", "1"}, {"X-A", "2"}};
    const std::string bytes = request_bytes(url, plan);
    CHECK(bytes.find("host: other\r\n") != std::string::npos);
    CHECK(bytes.find("h:81") == std::string::npos);
    CHECK(bytes.find("X-A: 1\r\nX-A: 2\r\n") != std::string::npos);
    CHECK(bytes.find("Connection: keep-alive\r\n") != std::string::npos);
    CHECK(bytes.find("Content-Length: 3\r\n") != std::string::npos);
    CHECK(bytes.ends_with("\r\n\r\nabc"));
}

TEST_CASE("variants and their URLs") {
    const auto url = [](std::string_view text, const std::string& base) {
        return variant_url(base, parse_variant(text, Expectation::fixed)).text;
    };
    CHECK(url("pool", "http://h/repro") == "http://h/repro/pool.dll");
    CHECK(url("pool", "http://h/repro/?work=5") == "http://h/repro/pool.dll?work=5");
    CHECK(url("pool=bin/p.dll,keep-alive", "http://h/repro") == "http://h/repro/bin/p.dll");
    CHECK(url("pool=/other/p.dll", "http://h:81/repro") == "http://h:81/other/p.dll");
    CHECK(parse_variant("a,keep-alive", Expectation::faulty).keep_alive);
    CHECK_FALSE(parse_variant("a", Expectation::faulty).keep_alive);
    for (const char* wrong : {"", "=x", "a=", "a,b", ",keep-alive"})
        CHECK_THROWS_AS(parse_variant(wrong, Expectation::fixed), std::invalid_argument);
}

} // namespace loadgen
