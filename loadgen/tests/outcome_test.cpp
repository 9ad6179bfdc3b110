// How an attempt's end is named, and what is no fault of the server's. (The truth table is in
// truth_table_test.cpp.)
#include "client/classify.hpp"
#include "client/load.hpp"
#include "tests/fault_server/fault_server.hpp"
#include "tests/identities.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include <doctest/doctest.h>

#include <cerrno>

#ifndef _WIN32
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace loadgen {

namespace {

using namespace std::chrono_literals;

LoadPlan plan_for(std::uint64_t requests) {
    LoadPlan plan;
    plan.connections = 8;
    plan.threads = 2;
    plan.requests = requests;
    plan.timeout = 20s;
    return plan;
}

Recording load(const std::string& url, const LoadPlan& plan) {
    return Load(plan, make_target(parse_url(url), plan)).take();
}

} // namespace

TEST_CASE("our own delay is no latency") {
    const FaultServer server({}, 1);
    LoadPlan plan = plan_for(8);
    plan.send_delay = Delay::constant(500ms);
    const Recording recording = load(server.url(), plan);
    CHECK(recording.counters.answers == 8);
    CHECK(recording.elapsed >= 500ms);
    REQUIRE(recording.latency.max());
    CHECK(recording.latency.max() < 500ms);
}

// The sanitizers need descriptors themselves, to look whether memory is accessible.
#if !defined(_WIN32) && !defined(__SANITIZE_ADDRESS__)
static rlim_t lowest_free_descriptor_beside_a_loop() {
    const auto loop = make_event_loop(Engine::asio);
    const int lowest = dup(0);
    close(lowest);
    return static_cast<rlim_t>(lowest);
}

TEST_CASE("a lack of descriptors is our own fault") {
    const FaultServer server({}, 1);
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    LoadPlan plan = plan_for(4);
    plan.connections = 2;
    const Target target = make_target(parse_url(server.url()), plan);
    plan.threads = 1;
    Worker worker(plan, target, {.index = 0, .connections = 2, .requests = 4});
    // The event loop has its own first; then there shall be none for connections.
    const rlimit none_left{.rlim_cur = lowest_free_descriptor_beside_a_loop(), .rlim_max = limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none_left) == 0);
    worker.run(std::chrono::steady_clock::now(), std::chrono::system_clock::now());
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(worker.recording().counters.at({Cause::local, Phase::connect}) == 4);
    CHECK(worker.recording().local_errors.at("EMFILE") == 4);
    CHECK(worker.take_events().events.front().os_error_name == "EMFILE");
    check_identities(worker.recording());
}
#endif

TEST_CASE("every error code has its cause") {
    namespace error = boost::asio::error;
    namespace http = boost::beast::http;
    CHECK(classify(error::connection_reset) == Cause::reset);
    CHECK(classify(error::connection_aborted) == Cause::aborted);
    CHECK(classify(error::eof) == Cause::closed);
    CHECK(classify(http::error::end_of_stream) == Cause::closed);
    CHECK(classify(http::error::partial_message) == Cause::closed);
    CHECK(classify(error::connection_refused) == Cause::refused);
    CHECK(classify(error::network_unreachable) == Cause::unreachable);
    CHECK(classify(error::host_unreachable) == Cause::unreachable);
    CHECK(classify(error::timed_out) == Cause::timeout);
    CHECK(classify(http::error::bad_version) == Cause::malformed);
    CHECK(classify(http::error::header_limit) == Cause::malformed);
    CHECK(classify({EADDRNOTAVAIL, boost::system::system_category()}) == Cause::local);
    CHECK(classify(error::no_descriptors) == Cause::local);
    CHECK(classify(error::no_buffer_space) == Cause::local);
#ifdef _WIN32
    const auto of_system = [](DWORD code) {
        return boost::system::error_code(static_cast<int>(code), boost::system::system_category());
    };
    CHECK(classify(of_system(ERROR_NETNAME_DELETED)) == Cause::reset);
    CHECK(classify(of_system(ERROR_CONNECTION_ABORTED)) == Cause::aborted);
    CHECK(classify(of_system(ERROR_SEM_TIMEOUT)) == Cause::timeout);
    CHECK(classify(of_system(ERROR_NO_SYSTEM_RESOURCES)) == Cause::local);
    CHECK(error_name(of_system(WSAECONNRESET)) == "WSAECONNRESET");
    CHECK(error_name(of_system(WSAECONNABORTED)) == "WSAECONNABORTED");
    CHECK(error_name(of_system(ERROR_NETNAME_DELETED)) == "ERROR_NETNAME_DELETED");
#else
    CHECK(classify(error::broken_pipe) == Cause::broken_pipe);
#endif
}

} // namespace loadgen
