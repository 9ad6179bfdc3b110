// A connection writes no request while something of the server's that it could know of has not been told:
// random orders of what a server does, what the loop tells, and when timers run out, on a transport that the
// test moves by hand.
#include "client/connection.hpp"
#include "client/worker.hpp"

#include <boost/asio/error.hpp>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;

const error_code reset = boost::asio::error::connection_reset;

/// What waits in the kernel: bytes, or the end of the stream with its error.
struct Arrival {
    std::string bytes;
    error_code end{};
};

/// Nothing happens on it but what the test lets happen.
class HandMovedTransport final : public Transport {
  public:
    HandMovedTransport(TransportUser& user, std::mt19937_64& random) : user_(user), random_(random) {}

    error_code open(const tcp&, const boost::asio::ip::address*, bool) override {
        is_open_ = true;
        return {};
    }
    void connect(const tcp::endpoint&) override { connecting_ = true; }
    void write(std::string_view) override {
        note_write();
        writing_ = true;
    }
    void read(std::span<char> space) override {
        space_ = space;
        reading_ = true;
    }
    void exchange(std::string_view bytes, std::span<char> space) override {
        write(bytes);
        space_ = space;
        then_read_ = true;
    }
    void connect_and_exchange(const tcp::endpoint&, std::string_view, std::span<char> space) override {
        connecting_ = then_write_ = then_read_ = true;
        space_ = space;
    }
    bool close() override {
        const bool at_once = !connecting_ && !writing_ && !reading_;
        is_open_ = connecting_ = writing_ = reading_ = then_write_ = then_read_ = knows_ = false;
        is_closing_ = is_closing_ || !at_once;
        arrived_.clear();
        return !is_closing_;
    }
    bool has_unread() const override { return !arrived_.empty(); }
    /// Only a part of the time, as engines do.
    bool knows_unread() const override {
        knows_ = !arrived_.empty() && std::bernoulli_distribution(0.5)(random_);
        return knows_;
    }
    bool is_open() const override { return is_open_; }
    tcp::endpoint local_endpoint(error_code&) const override { return {}; }

    // What the test does:

    void arrive(Arrival arrival) {
        if (is_open_ && !connecting_ && (arrived_.empty() || !arrived_.back().end))
            arrived_.push_back(std::move(arrival));
    }
    /// Ends one operation that can end; false: there is none.
    bool tell_one() {
        std::vector<std::function<void()>> possible;
        if (is_closing_)
            possible.emplace_back([this] {
                is_closing_ = false;
                user_.on_closed();
            });
        if (connecting_)
            possible.emplace_back([this] {
                connecting_ = false;
                writing_ = std::exchange(then_write_, false);
                user_.on_connect({});
            });
        if (writing_)
            possible.emplace_back([this] {
                writing_ = false;
                reading_ = reading_ || std::exchange(then_read_, false);
                user_.on_write({});
            });
        if (reading_ && !arrived_.empty())
            possible.emplace_back([this] { tell_arrival(); });
        if (possible.empty())
            return false;
        possible[std::uniform_int_distribution<std::size_t>(0, possible.size() - 1)(random_)]();
        return true;
    }

    /// Writes that were begun although the transport had more to tell, and said so when it was asked.
    unsigned blind_writes() const { return blind_writes_; }

  private:
    void note_write() {
        if (!arrived_.empty() && (reading_ || knows_))
            ++blind_writes_;
    }
    void tell_arrival() {
        reading_ = knows_ = false;
        Arrival& next = arrived_.front();
        if (next.end) {
            const error_code end = next.end; // an end is told again to whoever reads again
            return user_.on_read(end, 0);
        }
        const std::size_t bytes = std::min(space_.size(), next.bytes.size());
        std::memcpy(space_.data(), next.bytes.data(), bytes);
        next.bytes.erase(0, bytes);
        if (next.bytes.empty())
            arrived_.pop_front();
        user_.on_read({}, bytes);
    }

    TransportUser& user_;
    std::mt19937_64& random_;
    std::deque<Arrival> arrived_;
    std::span<char> space_;
    bool is_open_ = false;
    bool is_closing_ = false;
    bool connecting_ = false;
    bool writing_ = false;
    bool reading_ = false;
    bool then_write_ = false;
    bool then_read_ = false;
    mutable bool knows_ = false;
    unsigned blind_writes_ = 0;
};

class HandMovedLoop final : public EventLoop {
  public:
    explicit HandMovedLoop(std::mt19937_64& random) : random_(random) {}

    std::unique_ptr<Transport> make_transport(TransportUser& user) override {
        auto transport = std::make_unique<HandMovedTransport>(user, random_);
        transport_ = transport.get();
        return transport;
    }
    void run(const std::function<void()>&) override {}
    void wake_at(Clock::time_point) override {}
    void stop() override {}

    HandMovedTransport& transport() { return *transport_; }

  private:
    std::mt19937_64& random_;
    HandMovedTransport* transport_ = nullptr;
};

class Play final : private ConnectionOwner {
  public:
    explicit Play(std::uint64_t seed) : random(seed) {
        plan.keep_alive = chance(0.8);
        plan.timeout = 1h;
        if (chance(0.6))
            plan.send_delay = Delay::constant(1ms);
        target.servers = std::make_shared<Servers>(std::vector{
            Server{.endpoint = {boost::asio::ip::address_v4::loopback(), 80}, .local_address = {}}});
        target.requests.push_back({.bytes = "GET / HTTP/1.1\r\nHost: h\r\n\r\n", .target = "/"});
        rotation.emplace(plan, target, 0);
        tally.begin(Worker::Clock::now(), std::chrono::system_clock::now());
        connection.emplace(Surroundings{plan, target, loop, timers, *rotation, tally, *this}, 0);
    }

    void run() {
        for (int step = 0; step < 300; ++step)
            act();
    }
    std::uint64_t ended() const { return tally.recording().counters.attempts; }

    std::mt19937_64 random;
    LoadPlan plan;
    Target target;
    HandMovedLoop loop{random};
    Timers timers{loop};
    std::optional<Rotation> rotation;
    Tally tally{0};
    std::optional<Connection> connection;
    std::uint64_t started = 0;
    bool is_free = true;
    bool rests = false;

  private:
    bool chance(double p) { return std::bernoulli_distribution(p)(random); }
    void on_free(Connection&) override {
        is_free = true;
        rests = false;
        if (chance(0.5)) // as a closed loop does, on the same stack
            start();
    }
    void start() {
        is_free = false;
        const auto now = Worker::Clock::now();
        connection->start({.attempt = ++started, .begun = now, .intended = now, .measured = true});
    }
    void act() {
        static const std::vector<std::string> sayings = {
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 408 Request Timeout\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Le",
            "SSH-2.0-OpenSSH\r\n"};
        switch (std::uniform_int_distribution<>(0, 9)(random)) {
        case 0:
        case 1:
            return loop.transport().arrive(
                {.bytes =
                     sayings[std::uniform_int_distribution<std::size_t>(0, sayings.size() - 1)(random)]});
        case 2:
            return loop.transport().arrive(
                {.bytes = {}, .end = chance(0.7) ? boost::asio::error::eof : reset});
        case 3:
            return timers.make_calls(timers.next());
        case 4:
            if (is_free)
                start();
            return;
        case 5:
            if (is_free && !rests) {
                rests = true;
                connection->rest();
            }
            return;
        default:
            loop.transport().tell_one();
        }
    }
};

} // namespace

TEST_CASE("no request is written while something that has come is not told") {
    std::uint64_t attempts = 0;
    std::uint64_t idle_closes = 0;
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        INFO("seed ", seed);
        Play play(seed);
        play.run();
        REQUIRE(play.loop.transport().blind_writes() == 0);
        REQUIRE(play.started - play.ended() <= (play.is_free ? 0 : 1));
        attempts += play.ended();
        idle_closes += play.tally.recording().counters.idle_closes;
    }
    CHECK(attempts > 100'000);
    CHECK(idle_closes > 5'000);
}

} // namespace loadgen
