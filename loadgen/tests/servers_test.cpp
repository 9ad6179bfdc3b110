// The addresses of a name that come to be others while a load goes on.
#include "client/load.hpp"
#include "client/servers.hpp"
#include "tests/fault_server/fault_server.hpp"
#include "tests/identities.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;

Server server_at(const char* address, std::uint16_t port = 80) {
    return {.endpoint = {make_address(address), port}, .local_address = make_address("127.0.0.1")};
}

/// Answers look-ups as it is told, and holds each up until it is asked for.
class NameServer {
  public:
    std::vector<Server> look_up() {
        std::unique_lock lock(mutex_);
        ++asked_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return answers_ > 0; });
        --answers_;
        if (servers_.empty())
            throw std::runtime_error("cannot resolve the host 'h': gone");
        return servers_;
    }
    void wait_until_asked(unsigned times) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return asked_ >= times; });
    }
    void answer(std::vector<Server> servers) {
        const std::scoped_lock lock(mutex_);
        servers_ = std::move(servers);
        ++answers_;
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned asked_ = 0;
    unsigned answers_ = 0;
    std::vector<Server> servers_;
};

} // namespace

TEST_CASE("other addresses are another version, the same in another order are not") {
    Servers servers({server_at("127.0.0.1"), server_at("127.0.0.2")});
    const auto first = servers.now();
    const auto version = servers.version();
    CHECK(addresses_of(*first) == "127.0.0.1:80, 127.0.0.2:80");
    CHECK_FALSE(servers.replace({server_at("127.0.0.2"), server_at("127.0.0.1")}));
    CHECK(servers.version() == version);
    CHECK(servers.replace({server_at("127.0.0.2"), server_at("127.0.0.3")}));
    CHECK(servers.version() != version);
    CHECK(addresses_of(*servers.now()) == "127.0.0.2:80, 127.0.0.3:80");
    CHECK(addresses_of(*first) == "127.0.0.1:80, 127.0.0.2:80"); // they stay for connections to them
    CHECK(servers.now()->front() == first->back());              // and are no others when they come back
}

TEST_CASE("a look-up that fails changes nothing, and is said once") {
    const auto servers = std::make_shared<Servers>(std::vector{server_at("127.0.0.1")});
    const auto shared = std::make_shared<NameServer>(); // the last look-up may outlive the test
    NameServer& names = *shared;
    Resolver resolver(servers, 1ms, "h", [shared] { return shared->look_up(); });
    names.wait_until_asked(1);
    CHECK(resolver.take_remarks().empty());
    names.answer({server_at("127.0.0.2")});
    names.wait_until_asked(2);
    auto remarks = resolver.take_remarks();
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].text == "'h' is now at 127.0.0.2:80: new connections go there");
    CHECK_FALSE(remarks[0].is_warning);

    names.answer({});
    names.wait_until_asked(3);
    names.answer({});
    names.wait_until_asked(4);
    remarks = resolver.take_remarks();
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].text ==
          "cannot resolve the host 'h': gone; new connections go to 127.0.0.2:80 as before");
    CHECK(remarks[0].is_warning);
    names.answer({server_at("127.0.0.2")});
    names.wait_until_asked(5);
    CHECK(resolver.take_remarks().empty());
    names.answer({});
    names.wait_until_asked(6);
    CHECK(resolver.take_remarks().size() == 1);
    names.answer({server_at("127.0.0.3")});
    names.wait_until_asked(7);
    CHECK(addresses_of(*servers->now()) == "127.0.0.3:80");
    names.answer({server_at("127.0.0.3")});
}

TEST_CASE("nobody waits for a look-up that takes its time") {
    const auto servers = std::make_shared<Servers>(std::vector{server_at("127.0.0.1")});
    const auto names = std::make_shared<NameServer>();
    const auto ended = std::make_shared<std::promise<void>>();
    {
        const Resolver resolver(servers, 1ms, "h", [names, ended] {
            auto found = names->look_up();
            ended->set_value();
            return found;
        });
        names->wait_until_asked(1);
    } // without an answer
    names->answer({server_at("127.0.0.2")});
    ended->get_future().wait();
    CHECK(addresses_of(*servers->now()) == "127.0.0.1:80");
}

TEST_CASE("new connections go to the newest addresses, kept ones stay") {
    for (const Engine engine : permitted_engines())
        for (const bool keep_alive : {false, true}) {
            const FaultServer first({}, 1);
            const FaultServer second({fault_named("close-after-request")}, 1, FaultSchedule::for_ever,
                                     {make_address("127.0.0.2"), first.endpoint().port()});
            LoadPlan plan;
            plan.engine = engine;
            plan.connections = 4;
            plan.threads = 2;
            plan.duration = 1min;
            plan.keep_alive = keep_alive;
            plan.timeout = 20s;
            const Target target = make_target(parse_url(first.url()), plan);
            Load load(plan, target);
            const auto wait_for = [&](auto condition) {
                while (!condition(load.progress()))
                    std::this_thread::yield();
            };
            wait_for([](const Progress& now) { return now.attempts > 100; });
            target.servers->replace({server_at("127.0.0.2", first.endpoint().port())});
            const std::uint64_t then = load.progress().attempts;
            wait_for([&](const Progress& now) { return now.attempts > then + 2000; });
            load.stop();
            const Recording recording = load.take();
            check_identities(recording);
            CHECK(recording.counters.answers > 100);
            if (keep_alive) {
                CHECK(recording.counters.established == 4);
                CHECK(recording.events.empty());
                continue;
            }
            CHECK(recording.counters.at({Cause::closed, Phase::await}) > 0);
            for (const Event& event : recording.events)
                CHECK(event.remote_address == "127.0.0.2");
            // The last of the attempts went to the new address.
            CHECK(recording.counters.at({Cause::closed, Phase::await}) +
                      recording.counters.at({Cause::closed, Phase::reuse}) >
                  1000);
        }
}

} // namespace loadgen
