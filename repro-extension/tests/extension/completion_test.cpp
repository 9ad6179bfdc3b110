// Who completes a request, when, and what becomes of the thread: the difference KB 813531 is about.
#include "extension_dll.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <set>
#include <string>

using namespace repro::test;
using std::chrono::milliseconds;

namespace {

/// worker_count of worker_pool.cpp.
constexpr std::size_t pool_workers = 32;

/// Sleep counts in ticks of the system's clock, of which the first has begun already.
constexpr milliseconds tick{16};

/// More requests than the pool has workers, one after the other. Their thread handles stay open, so
/// no two threads have the same id.
void process_in_turn(ExtensionDll& dll, std::deque<FakeRequest>& requests) {
    for (int i = 0; i < 100; ++i) {
        FakeRequest& request = requests.emplace_back();
        REQUIRE(dll.process(request) == HSE_STATUS_PENDING);
        REQUIRE(request.wait_for_done());
    }
}

std::set<DWORD> thread_ids(const std::deque<FakeRequest>& requests) {
    std::set<DWORD> ids;
    for (const FakeRequest& request : requests)
        ids.insert(request.done().thread_id);
    return ids;
}

} // namespace

TEST_SUITE_BEGIN("completion");

TEST_CASE("a thread per request: each completes one request and exits") {
    for (const std::string variant : thread_variants) {
        CAPTURE(variant);
        std::deque<FakeRequest> requests;
        ExtensionDll dll{variant};
        dll.require_start();
        process_in_turn(dll, requests);
        CHECK(thread_ids(requests).size() == requests.size());
        CHECK_FALSE(thread_ids(requests).contains(GetCurrentThreadId()));
        for (const FakeRequest& request : requests) {
            CHECK(request.done().calls == 1);
            CHECK(request.done().thread_ends());
        }
    }
}

TEST_CASE("a pool: few threads complete all requests, and they exit only at the end") {
    for (const std::string variant : pool_variants) {
        CAPTURE(variant);
        std::deque<FakeRequest> requests;
        ExtensionDll dll{variant};
        dll.require_start();
        process_in_turn(dll, requests);
        CHECK(thread_ids(requests).size() <= pool_workers);
        CHECK_FALSE(thread_ids(requests).contains(GetCurrentThreadId()));
        for (const FakeRequest& request : requests) {
            CHECK(request.done().calls == 1);
            CHECK_FALSE(request.done().thread_ends(milliseconds{0}));
        }
        dll.terminate();
        for (const FakeRequest& request : requests)
            CHECK(request.done().thread_ends(milliseconds{0}));
    }
}

TEST_CASE("synchronous: answered in the caller's thread, never done with the session") {
    ExtensionDll dll{"synchronous"};
    dll.require_start();
    FakeRequest request{"work=100&linger=60000"};
    const auto before = Clock::now();
    CHECK(dll.process(request) == HSE_STATUS_SUCCESS);
    CHECK(request.answer().at - before >= milliseconds{100} - tick);
    CHECK(Clock::now() - before < milliseconds{60'000});
    CHECK(request.done().calls == 0);
}

TEST_CASE("the state given to DONE_WITH_SESSION is NULL, or to keep the connection") {
    for (const std::string variant : variants) {
        if (variant == "synchronous")
            continue;
        CAPTURE(variant);
        FakeRequest request;
        ExtensionDll dll{variant};
        dll.require_start();
        REQUIRE(dll.process(request) == HSE_STATUS_PENDING);
        REQUIRE(request.wait_for_done());
        CHECK(request.done().state.has_value() == keeps_alive(variant));
        CHECK(request.done().state.value_or(HSE_STATUS_SUCCESS_AND_KEEP_CONN) ==
              HSE_STATUS_SUCCESS_AND_KEEP_CONN);
    }
}

TEST_CASE("a thread works before it answers and lingers after DONE_WITH_SESSION") {
    for (const std::string variant : thread_variants) {
        CAPTURE(variant);
        FakeRequest request{"work=200&linger=300"};
        ExtensionDll dll{variant};
        dll.require_start();
        const auto before = Clock::now();
        REQUIRE(dll.process(request) == HSE_STATUS_PENDING);
        REQUIRE(request.wait_for_done());
        REQUIRE(request.done().thread_ends());
        CHECK(request.answer().at - before >= milliseconds{200} - tick);
        CHECK(Clock::now() - request.done().at >= milliseconds{300} - tick);
    }
}

TEST_CASE("a worker of a pool works before it answers and lingers before it takes the next request") {
    for (const std::string variant : pool_variants) {
        CAPTURE(variant);
        std::deque<FakeRequest> requests;
        ExtensionDll dll{variant};
        dll.require_start();
        const auto before = Clock::now();
        for (std::size_t i = 0; i < pool_workers + 1; ++i)
            REQUIRE(dll.process(requests.emplace_back("work=200&linger=300")) == HSE_STATUS_PENDING);
        auto first_done = Clock::time_point::max();
        for (FakeRequest& request : requests) {
            REQUIRE(request.wait_for_done());
            CHECK(request.answer().at - before >= milliseconds{200} - tick);
            first_done = std::min(first_done, request.done().at);
        }
        CHECK(requests.back().done().at - first_done >= milliseconds{300 + 200} - 2 * tick);
    }
}

TEST_SUITE_END();
