// The load against a server that injects a known number of each fault: every one must come out in its own
// cell.
#include "client/classify.hpp"
#include "client/load.hpp"
#include "tests/fault_server.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include <doctest/doctest.h>

#include <cerrno>
#include <ostream>

#ifndef _WIN32
#include <sys/resource.h>
#endif

namespace loadgen {

static std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
    return stream << name(outcome.cause) << '/' << name(outcome.phase);
}

namespace {

using namespace std::chrono_literals;

struct Case {
    Fault fault;
    Outcome expected;
    bool keep_alive = false;
    std::chrono::milliseconds send_delay{0};
    std::size_t body = 0;
    // A slow machine is no fault: it is short only where silence is awaited.
    std::chrono::milliseconds timeout = 20s;
    std::optional<Outcome> or_else; // where the system makes two cells one
};

LoadPlan plan_for(const Case& c, std::uint64_t requests) {
    LoadPlan plan;
    plan.connections = 8;
    plan.threads = 2;
    plan.requests = requests;
    plan.keep_alive = c.keep_alive;
    plan.send_delay = Delay::constant(c.send_delay);
    plan.timeout = c.timeout;
    plan.body.assign(c.body, 'x');
    if (c.body > 0)
        plan.method = "POST";
    return plan;
}

Recording load(const std::string& url, const LoadPlan& plan) {
    return Load(plan, make_target(parse_url(url), plan)).take();
}

void check_identities(const Recording& recording) {
    const Counters& counters = recording.counters;
    CHECK(counters.unanswered() == counters.attempts - counters.answers);
    CHECK(recording.latency.count() == counters.answers);
    CHECK(recording.connect.count() == counters.established);
    Interval sum;
    for (const Interval& interval : recording.intervals)
        sum += interval;
    CHECK(sum.attempts == counters.attempts);
    CHECK(sum.answers == counters.answers);
    CHECK(sum.resets == counters.resets());
    CHECK(sum.resets + sum.other_failures == counters.unanswered() + counters.resets(Phase::finish));
}

void check_case(const Case& c, unsigned every) {
    INFO("expected ", c.expected, ", every ", every);
    FaultServer server(c.fault, every);
    const std::uint64_t requests =
        c.expected.cause == Cause::timeout ? 41 : 121; // no multiple of the threads
    const Recording recording = load(server.url(), plan_for(c, requests));
    const Counters& counters = recording.counters;

    CHECK(counters.attempts == requests);
    CHECK(server.injected() > 0);
    CHECK(counters.at(c.expected) + (c.or_else ? counters.at(*c.or_else) : 0) == server.injected());
    const bool answered = c.expected.phase == Phase::finish;
    CHECK(counters.answers == requests - (answered ? 0 : server.injected()));
    CHECK(recording.events.size() == server.injected());
    for (const Event& event : recording.events) {
        CHECK((event.outcome == c.expected || event.outcome == c.or_else));
        CHECK(event.local_address == "127.0.0.1");
        CHECK(event.local_port != 0);
        CHECK(event.age > 0us);
    }
    check_identities(recording);
}

Case silent(Fault fault, Phase phase) {
    return {.fault = fault, .expected = {Cause::timeout, phase}, .timeout = 500ms};
}

constexpr auto pause = 15ms;

} // namespace

TEST_CASE("faults on a connection of their own") {
    for (const unsigned every : {1U, 3U}) {
        check_case({Fault::reset_after_request, {Cause::reset, Phase::await}}, every);
        check_case({Fault::close_after_request, {Cause::closed, Phase::await}}, every);
        check_case(silent(Fault::silence_after_request, Phase::await), every);
        check_case({Fault::reset_in_head, {Cause::reset, Phase::receive}}, every);
        check_case({Fault::close_in_head, {Cause::closed, Phase::receive}}, every);
        check_case(silent(Fault::silence_in_head, Phase::receive), every);
        check_case({Fault::reset_in_body, {Cause::reset, Phase::receive}}, every);
        check_case({Fault::close_in_body, {Cause::closed, Phase::receive}}, every);
        check_case({Fault::close_in_chunk, {Cause::closed, Phase::receive}}, every);
        check_case({Fault::close_before_length, {Cause::closed, Phase::receive}}, every);
        check_case({Fault::garbage, {Cause::malformed, Phase::receive}}, every);
        check_case({Fault::reset_after_answer, {Cause::reset, Phase::finish}}, every);
        check_case(silent(Fault::silence_after_answer, Phase::finish), every);
        check_case({Fault::surplus_after_answer, {Cause::malformed, Phase::finish}}, every);
        check_case({Fault::late_surplus, {Cause::malformed, Phase::finish}}, every);
    }
}

TEST_CASE("faults between established and the first byte are seen when they happen") {
    // On loopback the RST may be there before connect() has reported the connection: then Linux reports it in
    // its stead.
    check_case({.fault = Fault::reset_on_accept,
                .expected = {Cause::reset, Phase::send},
                .send_delay = pause,
                .or_else = Outcome{Cause::reset, Phase::connect}},
               1);
    check_case(
        {.fault = Fault::close_on_accept, .expected = {Cause::closed, Phase::send}, .send_delay = pause}, 1);
}

TEST_CASE("a reset after the peer's close, in the midst of a long request, is a broken pipe") {
    check_case({.fault = Fault::fin_then_reset_unread,
                .expected = {Cause::broken_pipe, Phase::send},
                .body = 32 * 1024 * 1024},
               1);
}

TEST_CASE("faults on a kept connection") {
    const auto kept = [](Fault fault, Cause cause, Phase phase, std::chrono::milliseconds delay) {
        return Case{.fault = fault, .expected = {cause, phase}, .keep_alive = true, .send_delay = delay};
    };
    check_case(kept(Fault::reset_in_body, Cause::reset, Phase::receive, 0ms), 3);
    check_case(kept(Fault::close_in_head, Cause::closed, Phase::receive, 0ms), 3);
}

namespace {

// On a kept connection the fault befalls the request after an answer, so that some connections never meet it;
// the count of injected faults is then an upper bound, short by the connections that ended on one.
Recording load_kept(Fault fault, std::chrono::milliseconds delay, FaultServer& server) {
    return load(server.url(),
                plan_for({.fault = fault, .expected = {}, .keep_alive = true, .send_delay = delay}, 120));
}

} // namespace

TEST_CASE("a kept connection that dies between two requests") {
    for (const auto& [fault, cause] : {std::pair{Fault::reset_when_idle, Cause::reset},
                                       std::pair{Fault::close_when_idle, Cause::closed}}) {
        FaultServer server(fault, 3);
        const Recording recording = load_kept(fault, pause, server);
        const std::uint64_t counted = recording.counters.at({cause, Phase::idle});
        CHECK(counted <= server.injected());
        // 8 connections: the last fault of each may come after its last attempt.
        CHECK(counted + 8 >= server.injected());
        CHECK(recording.events.size() == counted);
        CHECK(counted > 20);
        check_identities(recording);
    }
}

TEST_CASE("the keep-alive race has a phase of its own") {
    for (const auto& [fault, cause] : {std::pair{Fault::reset_after_request, Cause::reset},
                                       std::pair{Fault::close_after_request, Cause::closed}}) {
        FaultServer server(fault, 3);
        const Recording recording = load_kept(fault, 0ms, server);
        const Counters& counters = recording.counters;
        CHECK(counters.at({cause, Phase::reuse}) > 0);
        CHECK(counters.at({cause, Phase::reuse}) + counters.at({cause, Phase::await}) == server.injected());
        check_identities(recording);
    }
}

TEST_CASE("our own delay is no latency") {
    FaultServer server(Fault::none, 1'000'000);
    const Recording recording =
        load(server.url(), plan_for({.fault = Fault::none, .expected = {}, .send_delay = 500ms}, 8));
    CHECK(recording.counters.answers == 8);
    CHECK(recording.elapsed >= 500ms);
    CHECK(recording.latency.max() < 500ms);
}

TEST_CASE("nobody listens") {
    std::string url;
    {
        FaultServer server(Fault::none, 1);
        url = server.url();
    }
    const Recording recording = load(url, plan_for({.fault = Fault::none, .expected = {}}, 50));
    CHECK(recording.counters.at({Cause::refused, Phase::connect}) == 50);
    CHECK(recording.counters.attempts == 50);
    CHECK(recording.events.front().os_error_name.ends_with("ECONNREFUSED"));
    check_identities(recording);
}

// The sanitizers need descriptors themselves, to look whether memory is accessible.
#if !defined(_WIN32) && !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a lack of descriptors is our own fault") {
    FaultServer server(Fault::none, 1);
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlimit none_left{.rlim_cur = 0, .rlim_max = limit.rlim_max};
    LoadPlan plan = plan_for({.fault = Fault::none, .expected = {}}, 4);
    plan.connections = 2;
    const Target target = make_target(parse_url(server.url()), plan);
    // The workers' own descriptors come first; then there shall be none for connections.
    plan.threads = 1;
    Worker worker(plan, target, {.index = 0, .connections = 2, .requests = 4});
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none_left) == 0);
    worker.run(std::chrono::steady_clock::now(), std::chrono::system_clock::now());
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(worker.recording().counters.at({Cause::local, Phase::connect}) == 4);
    CHECK(worker.recording().events.front().os_error_name == "EMFILE");
    check_identities(worker.recording());
}
#endif

TEST_CASE("every error code has its cause") {
    namespace error = boost::asio::error;
    namespace http = boost::beast::http;
    CHECK(classify(error::connection_reset) == Cause::reset);
    CHECK(classify(error::broken_pipe) == Cause::broken_pipe);
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
}

} // namespace loadgen
