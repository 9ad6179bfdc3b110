// In the steady state an attempt allocates nothing.
#include "client/load.hpp"
#include "tests/fault_server/fault_server.hpp"
#include "tests/identities.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace {
// The fault server is in this process too, in a thread of its own.
thread_local std::uint64_t allocations = 0;
} // namespace

// A sanitizer has its own, and then none are counted here.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
#endif

namespace loadgen {
namespace {

using namespace std::chrono_literals;

// On Windows Asio gives each socket a token, by which its completions know that it was closed.
#ifdef _WIN32
constexpr std::uint64_t per_socket = 1;
#else
constexpr std::uint64_t per_socket = 0;
#endif

/// Of a worker's thread, in a load of so many attempts.
std::uint64_t allocations_in(LoadPlan plan, const FaultServer& server, std::uint64_t requests) {
    plan.requests = requests;
    const Target target = make_target(parse_url(server.url()), plan);
    Worker worker(plan, target, {.connections = plan.connections, .requests = requests});
    const std::uint64_t before = allocations;
    worker.run(Worker::Clock::now(), std::chrono::system_clock::now());
    const std::uint64_t all = allocations - before;
    check_identities(worker.recording());
    CHECK(worker.recording().counters.answers == requests);
    return all;
}

} // namespace

TEST_CASE("an attempt allocates nothing") {
    for (const Engine engine : permitted_engines())
        for (const bool keep_alive : {false, true})
            for (const std::optional<double> rate :
                 {std::optional<double>{}, std::optional<double>{20'000}}) {
                INFO(std::string(name(engine)), keep_alive ? ", kept" : ", a connection per request",
                     rate ? ", open loop" : "");
                const FaultServer server({}, 1);
                LoadPlan plan;
                plan.engine = engine;
                plan.connections = 16;
                plan.keep_alive = keep_alive;
                plan.rate = rate;
                plan.timeout = 20s;
                constexpr std::uint64_t more = 4000;
                const std::uint64_t few = allocations_in(plan, server, 1000);
                const std::uint64_t many = allocations_in(plan, server, 1000 + more);
                // What grows with time and the largest latency (seconds, buckets, starts that wait) may grow.
                CHECK(many < few + more / 20 + (keep_alive ? 0 : more * per_socket));
            }
}

} // namespace loadgen
