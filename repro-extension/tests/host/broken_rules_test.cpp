// What an extension may not do: named, and other clients unharmed. Inside the host, and then the
// program itself, where it ends the process.
#include "faults/broken_rules.hpp"

#include "base/handles.hpp"
#include "events.hpp"
#include "program.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

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

// GCC's are not on x86: one that nobody catches ends in abort().
#if defined(__GNUC__) && !defined(_WIN64)
constexpr bool cpp_exceptions_are_structured = false;
#else
constexpr bool cpp_exceptions_are_structured = true;
#endif

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

namespace {

/// The program serves a good request and then `request`, and ends: by itself, or at a stop.
std::string said_at_end(const std::string& request, DWORD exit_code, bool by_itself) {
    CAPTURE(request);
    test::Program program(test::root() + "--port 0 --stop-timeout 2s");
    const std::uint16_t port = program.port();
    CHECK(test::fetch(port, "probe.dll").body == "probe");
    test::Client client(port);
    client.send(test::get(request, "Connection: close\r\n"));
    if (by_itself) {
        CHECK(client.closed_by_server());
    } else {
        const std::string loaded = "loaded " + request.substr(0, request.find('?'));
        while (program.stderr_line().find(loaded) == std::string::npos) {
        }
        program.close_stdin();
    }
    const std::string said = program.rest_of_stdout();
    CHECK(program.exit_code() == exit_code);
    CHECK(said.find("accepted=2 requests=2 answers=") != std::string::npos);
    CHECK(said.find("probe.dll ") != std::string::npos);
    return said;
}

bool has(const std::string& text, std::string_view part) {
    CAPTURE(text);
    return text.find(part) != std::string::npos;
}

bool reached_filter = false;

LONG WINAPI end_thread(EXCEPTION_POINTERS* /*exception*/) {
    reached_filter = true;
    ExitThread(0);
}

int overflow(int depth) { // NOLINT(misc-no-recursion): that is its purpose
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : overflow(depth + 1) + room[0];
}

DWORD WINAPI overflow_in_thread(void* /*context*/) {
    return static_cast<DWORD>(overflow(0));
}

/// Whether the system lets an overflow of a thread's stack come to a filter. Wine 10 ends the thread
/// without a word: a page of its stack is left then, and its own part takes more.
bool overflows_are_told() {
    const auto before = SetUnhandledExceptionFilter(&end_thread);
    const host::UniqueHandle thread(CreateThread(nullptr, 0, &overflow_in_thread, nullptr, 0, nullptr));
    CHECK(WaitForSingleObject(thread.get(), 10'000) == WAIT_OBJECT_0);
    SetUnhandledExceptionFilter(before);
    return reached_filter;
}

} // namespace

TEST_CASE("what ends the process is named, and what was counted is told before") {
    const std::string in_thread = "broken: broken.dll crashed in a thread that began at broken.dll+0x";
    const std::vector<std::pair<std::string, std::string>> crashes = {
        {"crash", "access violation writing 0x0"},
        {"overflow", "stack overflow"},
        {"throw", "C++ exception that nobody caught"}};
    for (const auto& [what, name] : crashes) {
        if (what == "overflow" && !overflows_are_told()) {
            CHECK(has(said_at_end(dll + what + "&thread", 9, false),
                      "broken: broken.dll did not complete GET"));
            continue;
        }
        if (what == "throw" && !cpp_exceptions_are_structured) {
            CHECK(has(said_at_end(dll + what + "&thread", 7, true), "ended the process: ExitProcess(3)"));
            continue;
        }
        const std::string said = said_at_end(dll + what + "&thread", 6, true);
        CHECK(has(said, in_thread));
        CHECK(has(said, name + " at broken.dll+0x"));
    }
    CHECK(has(said_at_end(dll + "exit&thread", 7, true),
              "broken: broken.dll ended the process: exit(0), called at broken.dll+0x"));
    CHECK(has(said_at_end(dll + "end-process", 7, true),
              "ended the process: ExitProcess(0), called at broken.dll+0x"));
    CHECK(has(said_at_end(dll + "abort&thread", 7, true), "ended the process: ExitProcess(3)"));
}

TEST_CASE("what holds up a stop is named, and the process ends all the same") {
    CHECK(has(said_at_end(dll + "never", 9, false),
              "broken: broken.dll did not complete GET /repro/broken.dll, begun "));
    const std::string hangs = said_at_end("hang-at-end.dll", 9, false);
    CHECK(has(hangs, "broken: hang-at-end.dll did not return from TerminateExtension"));

    test::Program program(test::root() + "--port 0 --stop-timeout 2s");
    const std::uint16_t port = program.port();
    test::Client client(port);
    client.send(test::get("hang-at-start.dll"));
    CHECK(test::fetch(port, "probe.dll").body == "probe");
    program.close_stdin();
    CHECK(has(program.rest_of_stdout(), "broken: hang-at-start.dll did not return from GetExtensionVersion"));
    CHECK(program.exit_code() == 9);
}

TEST_CASE("the exit code names the worst broken rule") {
    test::Program program(test::root() + "--port 0");
    const std::uint16_t port = program.port();
    CHECK(test::fetch(port, dll + "twice").body == "whole");
    CHECK(test::fetch(port, dll + "crash").status == 500);
    program.close_stdin();
    const std::string said = program.rest_of_stdout();
    CHECK(has(said, "broken: broken.dll crashed in HttpExtensionProc"));
    CHECK(has(said, "broken: broken.dll called DONE_WITH_SESSION"));
    CHECK(program.exit_code() == 6);
}
