#include "tests/engine/peers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <future>
#include <string>
#include <utility>

namespace loadgen {
namespace {

using boost::asio::awaitable;
using boost::asio::detached;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

// The oldest goes: a client that gives up connections by the thousand isn't seen to by those who don't read.
constexpr std::size_t most_held = 256;

void reset_connection(tcp::socket& socket) {
    error_code ignored;
    socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

// That a connection ends in an error is what it is here for.
void ignore(const std::exception_ptr&) {}

} // namespace

Peers::Peers(MakePeerStream make_stream) : make_stream_(std::move(make_stream)) {
    for (const Peer peer : {Peer::echo, Peer::hold, Peer::feed, Peer::hang_up, Peer::reset})
        listen(peer);
    tcp::acceptor& bound = acceptors_.emplace_back(context_, tcp::v4());
    bound.bind({boost::asio::ip::address_v4::loopback(), 0});
    endpoints_[Peer::refuse] = bound.local_endpoint();
    listen_in_vain();
    thread_ = std::jthread([this] { context_.run(); });
}

Peers::~Peers() {
    context_.stop();
}

void Peers::listen(Peer peer) {
    tcp::acceptor& acceptor = acceptors_.emplace_back(context_, tcp::v4());
    acceptor.bind({boost::asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
    endpoints_[peer] = acceptor.local_endpoint();
    co_spawn(context_, accept_connections(acceptor, peer), detached);
}

// One connection that nobody accepts is all that the shortest queue takes.
void Peers::listen_in_vain() {
    tcp::acceptor& acceptor = acceptors_.emplace_back(context_, tcp::v4());
    acceptor.bind({boost::asio::ip::address_v4::loopback(), 0});
    acceptor.listen(0);
    endpoints_[Peer::never] = acceptor.local_endpoint();
    unaccepted_.connect(acceptor.local_endpoint());
    acceptor.wait(tcp::acceptor::wait_read);
}

awaitable<void> Peers::accept_connections(tcp::acceptor& acceptor, Peer peer) {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
        socket.set_option(tcp::no_delay(true)); // what is written is on its way, whatever follows it
        co_spawn(context_, serve(make_stream_(std::move(socket)), peer), ignore);
    }
}

awaitable<void> Peers::serve(std::shared_ptr<PeerStream> stream, Peer peer) {
    co_await stream->establish();
    if (peer == Peer::echo)
        co_return co_await echo(*stream);
    const std::string food(fed, 'f');
    if (peer == Peer::feed)
        co_await stream->write(food);
    if (peer == Peer::feed || peer == Peer::hold)
        co_return hold(std::move(stream));
    std::array<char, 1024> space{};
    co_await stream->read_some(space);
    if (peer == Peer::reset)
        co_return reset_connection(stream->socket());
    stream->socket().shutdown(tcp::socket::shutdown_send);
    for (;;)
        co_await stream->read_some(space);
}

awaitable<void> Peers::echo(PeerStream& stream) {
    const auto count = [this](std::size_t change) {
        const std::scoped_lock lock(mutex_);
        echoing_ += change;
        changed_.notify_all();
    };
    count(1);
    try {
        std::array<char, 4096> space{};
        for (;;) {
            const std::size_t bytes = co_await stream.read_some(space);
            co_await stream.write({space.data(), bytes});
        }
    } catch (const boost::system::system_error&) {
        count(static_cast<std::size_t>(-1));
    }
}

awaitable<void> Peers::read_on(std::shared_ptr<PeerStream> stream) {
    std::vector<char> space(std::size_t{64} * 1024);
    for (;;) {
        const std::size_t bytes = co_await stream->read_some(space);
        const std::scoped_lock lock(mutex_);
        drained_ += bytes;
        changed_.notify_all();
    }
}

void Peers::hold(std::shared_ptr<PeerStream> stream) {
    const std::scoped_lock lock(mutex_);
    held_.push_back(std::move(stream));
    if (held_.size() > most_held)
        held_.pop_front();
    changed_.notify_all();
}

bool Peers::await(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, condition);
}

bool Peers::await_held(std::size_t connections) {
    return await([&] { return held_.size() >= connections; });
}

bool Peers::await_drained(std::uint64_t bytes) {
    return await([&] { return drained_ >= bytes; });
}

bool Peers::await_no_echo() {
    return await([&] { return echoing_ == 0; });
}

void Peers::tell_held(const std::function<void(const std::shared_ptr<PeerStream>&)>& what) {
    std::promise<void> done;
    boost::asio::post(context_, [&] {
        for (const auto& stream : held_)
            what(stream);
        done.set_value();
    });
    done.get_future().wait();
}

void Peers::send(std::string_view bytes) {
    tell_held([&](const std::shared_ptr<PeerStream>& stream) {
        co_spawn(
            context_,
            [stream, text = std::string(bytes)]() -> awaitable<void> { co_await stream->write(text); },
            ignore);
    });
}

void Peers::hang_up() {
    tell_held([](const std::shared_ptr<PeerStream>& stream) {
        error_code ignored;
        stream->socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
}

void Peers::announce_end() {
    tell_held([&](const std::shared_ptr<PeerStream>& stream) {
        co_spawn(
            context_, [stream]() -> awaitable<void> { co_await stream->announce_end(); }, ignore);
    });
}

void Peers::reset() {
    tell_held([](const std::shared_ptr<PeerStream>& stream) { reset_connection(stream->socket()); });
}

void Peers::drain() {
    tell_held(
        [&](const std::shared_ptr<PeerStream>& stream) { co_spawn(context_, read_on(stream), ignore); });
}

} // namespace loadgen
