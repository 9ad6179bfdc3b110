// What an extension holds on to, and how it gives it back: under load, and at the end.
#include "extension_dll.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace repro::test;
using std::chrono::milliseconds;

namespace {

/// worker_count of worker_pool.cpp.
constexpr int pool_workers = 32;

/// What the extension has acquired and not yet released.
struct Held {
    std::atomic<int> handles{0};
    std::atomic<int> blocks{0};
    std::atomic<int> threads_left{0};
};
Held held;

HANDLE WINAPI counted_thread(SECURITY_ATTRIBUTES* security, SIZE_T stack, LPTHREAD_START_ROUTINE start,
                             void* parameter, DWORD flags, DWORD* id) {
    if (held.threads_left.fetch_sub(1) <= 0)
        return nullptr;
    ++held.handles;
    return CreateThread(security, stack, start, parameter, flags, id);
}
HANDLE WINAPI counted_port(HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads) {
    ++held.handles;
    return CreateIoCompletionPort(file, port, key, threads);
}
BOOL WINAPI counted_close(HANDLE handle) {
    --held.handles;
    return CloseHandle(handle);
}
void* WINAPI counted_alloc(HANDLE heap, DWORD flags, SIZE_T size) {
    ++held.blocks;
    return HeapAlloc(heap, flags, size);
}
BOOL WINAPI counted_free(HANDLE heap, DWORD flags, void* block) {
    --held.blocks;
    return HeapFree(heap, flags, block);
}

/// The next thread but the test's that leaves a critical section takes half a second to go on.
struct SlowLeave {
    DWORD test_thread = GetCurrentThreadId();
    std::atomic<bool> armed{true};
    UniqueHandle reached{CreateEventA(nullptr, TRUE, FALSE, nullptr)};
};
SlowLeave* slow_leave = nullptr;

void WINAPI leave_slowly(CRITICAL_SECTION* section) {
    LeaveCriticalSection(section);
    if (GetCurrentThreadId() != slow_leave->test_thread && slow_leave->armed.exchange(false)) {
        SetEvent(slow_leave->reached.get());
        Sleep(500);
    }
}

/// Counts what `dll` holds, in `held`, from zero on.
class Counting {
  public:
    explicit Counting(const ExtensionDll& dll, int threads = 1'000'000)
        : thread_{dll, "CreateThread", counted_thread},
          close_{dll, "CloseHandle", counted_close},
          alloc_{dll, "HeapAlloc", counted_alloc},
          free_{dll, "HeapFree", counted_free} {
        held.handles = 0;
        held.blocks = 0;
        held.threads_left = threads;
    }

  private:
    ReplacedImport thread_, close_, alloc_, free_;
};

} // namespace

TEST_SUITE_BEGIN("lifetime");

TEST_CASE("without all its threads no pool starts, and those it has end") {
    for (const std::string variant : pool_variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        const Counting counting{dll, pool_workers - 1};
        const ReplacedImport port{dll, "CreateIoCompletionPort", counted_port};
        CHECK_FALSE(dll.start());
        CHECK(held.handles == 0);
        CHECK(held.blocks == 0);
        held.threads_left = pool_workers;
        CHECK(dll.start());
        REQUIRE(serves(dll));
        dll.terminate();
        CHECK(held.handles == 0);
        CHECK(held.blocks == 0);
    }
}

TEST_CASE("TerminateExtension waits for the requests and for their threads") {
    for (const std::string variant : variants) {
        if (variant == "synchronous")
            continue;
        CAPTURE(variant);
        std::deque<FakeRequest> requests;
        ExtensionDll dll{variant};
        dll.require_start();
        for (int i = 0; i < 50; ++i)
            REQUIRE(dll.process(requests.emplace_back("work=200&linger=200")) == HSE_STATUS_PENDING);
        dll.terminate();
        for (const FakeRequest& request : requests) {
            REQUIRE(request.done().calls == 1);
            CHECK(request.done().thread_ends(milliseconds{0}));
        }
    }
}

TEST_CASE("TerminateExtension waits for a thread that has only its last instructions left") {
    for (const std::string variant : thread_variants) {
        CAPTURE(variant);
        FakeRequest slow;
        FakeRequest next;
        SlowLeave leave;
        slow_leave = &leave;
        ExtensionDll dll{variant};
        const ReplacedImport replaced{dll, "LeaveCriticalSection", leave_slowly};
        dll.require_start();
        REQUIRE(dll.process(slow) == HSE_STATUS_PENDING);
        REQUIRE(WaitForSingleObject(leave.reached.get(), 30'000) == WAIT_OBJECT_0);
        // It finds the first worker finished, but its thread not gone.
        REQUIRE(dll.process(next) == HSE_STATUS_PENDING);
        dll.terminate();
        CHECK(slow.done().thread_ends(milliseconds{0}));
        CHECK(next.done().thread_ends(milliseconds{0}));
    }
}

TEST_CASE("thousands of requests leave no handle and no memory behind") {
    constexpr int rounds = 100;
    constexpr int requests_a_round = 30;
    for (const std::string variant : thread_variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        const Counting counting{dll};
        dll.require_start();
        for (int round = 0; round < rounds; ++round) {
            std::deque<FakeRequest> requests;
            for (int i = 0; i < requests_a_round; ++i)
                REQUIRE(dll.process(requests.emplace_back()) == HSE_STATUS_PENDING);
            for (FakeRequest& request : requests) {
                REQUIRE(request.wait_for_done());
                REQUIRE(request.done().thread_ends());
            }
            // All threads of the rounds before had ended, so the first request of this one swept
            // them.
            CHECK(held.handles <= requests_a_round);
            CHECK(held.blocks <= requests_a_round + 1);
        }
        dll.terminate();
        CHECK(held.handles == 0);
        CHECK(held.blocks == 0);
    }
}

TEST_CASE("a pool holds its threads, its port and itself, however many requests") {
    for (const std::string variant : pool_variants) {
        CAPTURE(variant);
        ExtensionDll dll{variant};
        const Counting counting{dll};
        const ReplacedImport port{dll, "CreateIoCompletionPort", counted_port};
        dll.require_start();
        for (int i = 0; i < 3000; ++i) {
            REQUIRE(serves(dll));
            REQUIRE(held.handles == pool_workers + 1);
            REQUIRE(held.blocks == 1);
        }
        dll.terminate();
        CHECK(held.handles == 0);
        CHECK(held.blocks == 0);
    }
}

TEST_CASE("started, terminated and unloaded twenty times under load") {
    for (const std::string variant : variants) {
        CAPTURE(variant);
        for (int i = 0; i < 20; ++i) {
            std::deque<FakeRequest> requests(100);
            {
                ExtensionDll dll{variant};
                // The second time in the same process image: nothing may be left of the first.
                for (const std::size_t begin : {0, 50}) {
                    dll.require_start();
                    std::vector<std::jthread> callers;
                    for (std::size_t caller = 0; caller < 2; ++caller)
                        callers.emplace_back([&, own = begin + 25 * caller] {
                            for (std::size_t k = own; k < own + 25; ++k)
                                dll.process(requests[k]);
                        });
                    callers.clear();
                    dll.terminate();
                }
            }
            REQUIRE(GetModuleHandleA((variant + ".dll").c_str()) == nullptr);
            for (const FakeRequest& request : requests)
                CHECK(request.answer().status == "200 OK");
        }
    }
}

TEST_SUITE_END();
