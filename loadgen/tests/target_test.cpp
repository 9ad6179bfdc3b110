// Where attempts go: several addresses, IPv6, several URLs in turn.
#include "client/load.hpp"
#include "tests/fault_server/fault_server.hpp"
#include "tests/identities.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;

LoadPlan plan_for(Engine engine, unsigned connections, std::uint64_t requests) {
    LoadPlan plan;
    plan.engine = engine;
    plan.connections = connections;
    plan.requests = requests;
    plan.timeout = 20s;
    return plan;
}

std::vector<Url> urls_at(const std::string& base, std::initializer_list<const char*> paths) {
    std::vector<Url> urls;
    for (const char* path : paths)
        urls.push_back(parse_url(base + path));
    return urls;
}

Server server_at(const boost::asio::ip::tcp::endpoint& endpoint) {
    return {.endpoint = endpoint, .local_address = make_address("127.0.0.1")};
}

} // namespace

TEST_CASE("connections go to each address of the host in turn") {
    const Fault* const fault = fault_named("close-after-request");
    for (const Engine engine : permitted_engines()) {
        const FaultServer good({}, 1);
        const FaultServer bad({fault}, 1, FaultSchedule::for_ever,
                              {make_address("127.0.0.2"), good.endpoint().port()});
        const LoadPlan plan = plan_for(engine, 8, 400);
        const Target target = make_target(parse_url(good.url()), plan);
        target.servers->replace({server_at(good.endpoint()), server_at(bad.endpoint())});
        CHECK(addresses_of(target) == "127.0.0.1:" + std::to_string(good.endpoint().port()) +
                                          ", 127.0.0.2:" + std::to_string(good.endpoint().port()));
        const Recording recording = Load(plan, target).take();
        check_identities(recording);
        CHECK(recording.counters.answers == 200);
        CHECK(recording.counters.at({Cause::closed, Phase::await}) == 200);
        for (const Event& event : recording.events)
            CHECK(event.remote_address == "127.0.0.2");
    }
}

TEST_CASE("IPv6") {
    for (const Engine engine : permitted_engines()) {
        const FaultServer server({fault_named("close-after-request")}, 4, FaultSchedule::for_ever,
                                 {boost::asio::ip::address_v6::loopback(), 0});
        CHECK(server.url().starts_with("http://[::1]:"));
        const LoadPlan plan = plan_for(engine, 8, 400);
        const Recording recording = Load(plan, make_target(parse_url(server.url()), plan)).take();
        check_identities(recording);
        CHECK(recording.counters.answers == 300);
        CHECK(recording.counters.at({Cause::closed, Phase::await}) == 100);
        for (const Event& event : recording.events) {
            CHECK(event.local_address == "::1");
            CHECK(event.remote_address == "::1");
        }
    }
}

TEST_CASE("attempts take several URLs in turn") {
    const FaultServer server({fault_named("close-after-request")}, 1);
    std::string base = server.url();
    base.pop_back();
    const std::vector<Url> urls = urls_at(base, {"/a", "/b?x=1", "/c"});
    for (const Engine engine : permitted_engines()) {
        const LoadPlan plan = plan_for(engine, 1, 6);
        const Target target = make_target(urls, plan);
        CHECK(target.requests.at(1).bytes.starts_with("GET /b?x=1 HTTP/1.1\r\n"));
        const Recording recording = Load(plan, target).take();
        std::vector<std::string> tried;
        for (const Event& event : recording.events)
            tried.push_back(event.target);
        CHECK(tried == std::vector<std::string>{"/a", "/b?x=1", "/c", "/a", "/b?x=1", "/c"});
    }
}

TEST_CASE("several URLs must be of one server") {
    const LoadPlan plan = plan_for(Engine::asio, 1, 1);
    const std::vector<Url> other_port = {parse_url("http://127.0.0.1:81/a"),
                                         parse_url("http://127.0.0.1:82/a")};
    CHECK_THROWS_WITH_AS(make_target(other_port, plan), doctest::Contains("http://127.0.0.1:82/a"),
                         std::invalid_argument);
    const std::vector<Url> other_scheme = {parse_url("http://127.0.0.1/a"), parse_url("https://127.0.0.1/a")};
    CHECK_THROWS_AS(make_target(other_scheme, plan), std::invalid_argument);
}

} // namespace loadgen
