// What an extension does when the system has no more to give: no thread, no memory, no room in the
// queue.
#include "extension_dll.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>

using namespace repro::test;

namespace {

/// worker_count and queue_limit of worker_pool.cpp.
constexpr int pool_workers = 32;
constexpr int queue_limit = 1024;

HANDLE WINAPI no_thread(SECURITY_ATTRIBUTES*, SIZE_T, LPTHREAD_START_ROUTINE, void*, DWORD, DWORD*) {
    return nullptr;
}
void* WINAPI no_memory(HANDLE, DWORD, SIZE_T) {
    return nullptr;
}
BOOL WINAPI no_packet(HANDLE, DWORD, ULONG_PTR, OVERLAPPED*) {
    return FALSE;
}

/// A test that fails half-way would otherwise wait in TerminateExtension for the requests it holds.
struct Opener {
    std::deque<FakeRequest>& requests;
    ~Opener() {
        for (FakeRequest& request : requests)
            request.open();
    }
};

void check_refused(ExtensionDll& dll, const std::string& variant, const std::string& sentence) {
    FakeRequest request;
    CHECK(dll.process(request) ==
          (keeps_alive(variant) ? HSE_STATUS_SUCCESS_AND_KEEP_CONN : HSE_STATUS_SUCCESS));
    CHECK(request.answer().status == "503 Service Unavailable");
    CHECK(request.answer().logged_status == 503);
    CHECK(request.answer().header("X-Repro-Variant") == variant);
    CHECK(request.answer().body == sentence);
    CHECK(request.done().calls == 0);
}

} // namespace

TEST_SUITE_BEGIN("refusal");

TEST_CASE("without a thread or memory for it, 503 at once") {
    for (const std::string variant : thread_variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        dll.require_start();
        {
            const ReplacedImport replaced{dll, "CreateThread", no_thread};
            check_refused(dll, variant, "No worker thread could be created.\n");
        }
        {
            const ReplacedImport replaced{dll, "HeapAlloc", no_memory};
            check_refused(dll, variant, "There is no memory for another worker thread.\n");
        }
        CHECK(serves(dll));
    }
}

TEST_CASE("without memory no variant with threads starts") {
    for (const std::string variant : variants) {
        if (variant == "synchronous")
            continue;
        CAPTURE(variant);
        ExtensionDll dll{variant};
        const ReplacedImport replaced{dll, "HeapAlloc", no_memory};
        CHECK_FALSE(dll.start());
    }
}

TEST_CASE("a full queue means 503, until there is room again") {
    for (const std::string variant : pool_variants) {
        CAPTURE(variant);
        std::deque<FakeRequest> working;
        std::deque<FakeRequest> queued;
        ExtensionDll dll{variant};
        dll.require_start();
        {
            const ReplacedImport replaced{dll, "PostQueuedCompletionStatus", no_packet};
            check_refused(dll, variant, "All workers are busy and the queue is full.\n");
        }
        const Opener opener{working};
        for (int i = 0; i < pool_workers; ++i) {
            working.emplace_back().hold();
            REQUIRE(dll.process(working.back()) == HSE_STATUS_PENDING);
        }
        for (FakeRequest& request : working)
            REQUIRE(request.wait_for_header());
        for (int i = 0; i < queue_limit; ++i)
            REQUIRE(dll.process(queued.emplace_back()) == HSE_STATUS_PENDING);
        check_refused(dll, variant, "All workers are busy and the queue is full.\n");
        for (FakeRequest& request : working)
            request.open();
        for (FakeRequest& request : queued)
            REQUIRE(request.wait_for_done());
        CHECK(serves(dll));
    }
}

TEST_SUITE_END();
