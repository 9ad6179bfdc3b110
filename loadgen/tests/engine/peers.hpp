// The servers that transports are tried against.
#pragma once

#include "tests/engine/peer_stream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace loadgen {

enum class Peer {
    echo,    ///< sends back what it reads
    hold,    ///< neither reads nor writes before it is told to
    feed,    ///< the same, but for the `fed` bytes that it sends first
    hang_up, ///< reads a little, and sends its end
    reset,   ///< reads a little, and resets
    refuse,  ///< doesn't listen
    never,   ///< doesn't accept: on Linux the connection isn't made
};
inline constexpr std::size_t fed = 1024;

/// All of them, in a thread of their own. What they are told is done when the call returns.
class Peers {
  public:
    explicit Peers(MakePeerStream make_stream);
    ~Peers();
    Peers(const Peers&) = delete;
    Peers& operator=(const Peers&) = delete;

    const boost::asio::ip::tcp::endpoint& endpoint(Peer peer) const { return endpoints_.at(peer); }

    // To those that hold. The connection that a client has made the server may have yet to see.

    /// False if there are not so many in good time.
    bool await_held(std::size_t connections);
    void send(std::string_view bytes);
    void hang_up();
    void announce_end();
    void reset();
    /// From now on they read.
    void drain();

    /// What those that were told to has read, or false if it isn't so much in good time.
    bool await_drained(std::uint64_t bytes);
    /// No connection of those that echo is left, or false if one still is after a good time.
    bool await_no_echo();

  private:
    using tcp = boost::asio::ip::tcp;

    void listen(Peer peer);
    void listen_in_vain();
    boost::asio::awaitable<void> accept_connections(tcp::acceptor& acceptor, Peer peer);
    boost::asio::awaitable<void> serve(std::shared_ptr<PeerStream> stream, Peer peer);
    boost::asio::awaitable<void> echo(PeerStream& stream);
    boost::asio::awaitable<void> read_on(std::shared_ptr<PeerStream> stream);
    void hold(std::shared_ptr<PeerStream> stream);
    void tell_held(const std::function<void(const std::shared_ptr<PeerStream>&)>& what);
    bool await(const std::function<bool()>& condition);

    MakePeerStream make_stream_;
    boost::asio::io_context context_{1};
    std::deque<tcp::acceptor> acceptors_;
    tcp::socket unaccepted_{context_};
    std::map<Peer, tcp::endpoint> endpoints_;

    std::mutex mutex_;
    std::condition_variable changed_;
    // Of those below only the server's thread adds to and removes from.
    std::deque<std::shared_ptr<PeerStream>> held_;
    std::uint64_t drained_ = 0;
    std::size_t echoing_ = 0;

    std::jthread thread_;
};

} // namespace loadgen
