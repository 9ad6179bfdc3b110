// What an extension does that ends the process, or holds its end up: named, and what was counted is told. It
// takes the program itself.
#include "base/handles.hpp"
#include "cpp_exceptions.hpp"
#include "program.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

const std::string dll = "broken.dll?";

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
