// What an extension may not do: named, and other clients unharmed. What ends the process is in
// process_end_test.cpp.
#include "faults/broken_rules.hpp"

#include "cpp_exceptions.hpp"
#include "events.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace std::chrono_literals;
using host::Rule;

namespace {

const std::string dll = "broken.dll?";

/// The connection ends after the request has: whoever comes next finds it completed.
test::Answer fetch_to_the_end(const host::Host& host, const std::string& request) {
    test::Client client(host.port());
    client.send(test::get(dll + request, "Connection: close\r\n"));
    test::Answer answer = client.read_answer();
    CHECK(client.closed_by_server());
    return answer;
}

/// What the host says at its end of what was done in `requests`.
std::vector<host::BrokenRule> broken_by(const std::vector<std::string>& requests, int status = 200) {
    host::BrokenRules::clear();
    host::Host host(test::test_options());
    for (const std::string& request : requests)
        CHECK(fetch_to_the_end(host, request).status == status);
    CHECK(test::fetch(host.port(), "probe.dll").body == "probe");
    host.stop();
    return host::BrokenRules::all();
}

void check_one(const std::vector<host::BrokenRule>& broken, Rule rule, std::string_view sentence,
               std::uint64_t times = 1) {
    REQUIRE(broken.size() == 1);
    CAPTURE(broken[0].sentence);
    CHECK(broken[0].rule == rule);
    CHECK(broken[0].extension == "broken.dll");
    CHECK(broken[0].sentence.find(sentence) != std::string::npos);
    CHECK(broken[0].times == times);
}

} // namespace

TEST_CASE("a crash in HttpExtensionProc costs one request, with 500, and no other") {
    const std::string in_proc = "crashed in HttpExtensionProc for GET /repro/broken.dll: ";
    check_one(broken_by({"crash"}, 500), Rule::crashed,
              in_proc + "access violation writing 0x0 at broken.dll+0x");
    if (cpp_exceptions_are_structured)
        check_one(broken_by({"throw", "throw"}, 500), Rule::crashed,
                  in_proc + "C++ exception that nobody caught at broken.dll+0x", 2);
    check_one(broken_by({"overflow", "overflow", "overflow"}, 500), Rule::crashed,
              in_proc + "stack overflow at broken.dll+0x", 3);
    check_one(broken_by({"bad-memory"}, 500), Rule::crashed, in_proc + "access violation");
}

TEST_CASE("a request that is completed more than once") {
    check_one(broken_by({"twice", "twice"}), Rule::done_twice,
              "called DONE_WITH_SESSION for GET /repro/broken.dll, which was completed already", 2);
    check_one(
        broken_by({"both"}), Rule::done_twice,
        "returned 1 from HttpExtensionProc for GET /repro/broken.dll, which DONE_WITH_SESSION had completed");
    host::BrokenRules::clear();
    {
        const test::Event all("all");
        host::Host host(test::test_options());
        for (std::uint64_t i = 1; i <= 5; ++i) {
            all.reset();
            CHECK(fetch_to_the_end(host, "done-by-all").body == "once");
            // Else the next client might come to the AcceptEx of the thread that is about to exit.
            REQUIRE(test::wait_until([&] { return host.counters().harmless_cancels.value() == i; }));
        }
        host.stop();
    }
    check_one(host::BrokenRules::all(), Rule::done_twice, "called DONE_WITH_SESSION", 35);
}

TEST_CASE("a block that is used after its request reaches nobody else's answer") {
    const auto broken = broken_by({"whole", "stale", "stale"});
    check_one(broken, Rule::used_after_done, "called WriteClient for GET /repro/broken.dll", 2);
    host::BrokenRules::clear();
    host::Host host(test::test_options());
    CHECK(fetch_to_the_end(host, "whole").body == "whole");
    CHECK(fetch_to_the_end(host, "stale").body == std::to_string(ERROR_INVALID_PARAMETER));
}

TEST_CASE("a thread of the pool that an extension ends is replaced, its request answered with 500") {
    host::BrokenRules::clear();
    host::Options options = test::test_options();
    options.pool_threads = 1;
    host::Host host(options);
    for (int i = 0; i < 2; ++i) {
        CHECK(test::fetch(host.port(), dll + "leave").status == 500);
        CHECK(test::fetch(host.port(), "probe.dll").body == "probe");
    }
    host.stop();
    check_one(host::BrokenRules::all(), Rule::ended_thread,
              "ended a thread of the pool in HttpExtensionProc for GET /repro/broken.dll", 2);
}

TEST_CASE("a call that holds a thread of the pool is named while it lasts") {
    const test::Event go_on("go-on");
    go_on.reset();
    const test::CapturedLog log;
    host::Options options = test::test_options();
    options.long_call = 1s;
    host::Host host(options);
    test::Client client(host.port());
    client.send(test::get(dll + "wait", "Connection: close\r\n"));
    CHECK(log.has("broken.dll has held a thread of the pool for "));
    CHECK(log.has(" s, in HttpExtensionProc for GET /repro/broken.dll"));
    go_on.set();
    CHECK(client.read_answer().body == "whole");
}

TEST_CASE("a GetExtensionVersion that holds a thread of the pool is named while it lasts") {
    const test::Event start("start");
    start.reset();
    const test::CapturedLog log;
    host::Options options = test::test_options();
    options.long_call = 1s;
    host::Host host(options);
    test::Client client(host.port());
    client.send(test::get("hang-at-start.dll", "Connection: close\r\n"));
    CHECK(log.has("hang-at-start.dll has held a thread of the pool for "));
    CHECK(log.has(" s, in GetExtensionVersion"));
    CHECK(host.served().empty()); // does not wait for it
    start.set();
    CHECK(client.read_answer().body == "ok");
}

TEST_CASE("a crash before the first request, or after the last") {
    host::BrokenRules::clear();
    host::Host host(test::test_options());
    CHECK(test::fetch(host.port(), "crash-at-start.dll").status == 500);
    CHECK(test::fetch(host.port(), "crash-at-end.dll").body == "ok");
    host.stop();
    const auto broken = host::BrokenRules::all();
    REQUIRE(broken.size() == 2);
    CHECK(broken[0].sentence.starts_with(
        "crashed in GetExtensionVersion: access violation writing 0x0 at crash-at-start.dll+0x"));
    CHECK(broken[1].sentence.starts_with(
        "crashed in TerminateExtension: access violation writing 0x0 at crash-at-end.dll+0x"));
}
