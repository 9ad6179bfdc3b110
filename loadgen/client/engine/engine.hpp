// The seam between a load and the operating system's ways of doing many socket operations at once. An engine
// is an event loop for a worker's thread, and transports that live on it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace loadgen {

class TlsClient;

/// The longest request for an exchange: what fits into a socket's buffer at once.
inline constexpr std::size_t longest_exchange = std::size_t{16} * 1024;

/// Whom a transport tells how its operations ended; never from within the call that began them.
class TransportUser {
  public:
    virtual void on_connect(const boost::system::error_code& error) = 0;
    /// Everything is written, or an error has come.
    virtual void on_write(const boost::system::error_code& error) = 0;
    /// boost::asio::error::eof when the peer has closed.
    virtual void on_read(const boost::system::error_code& error, std::size_t bytes) = 0;
    /// After a close() that could not be done at once.
    virtual void on_closed() = 0;

  protected:
    ~TransportUser() = default;
};

/// One TCP connection at a time. Of connect, write and read there may be one under way each. What is written
/// and where is read into must stay until the operation has ended, or the transport is closed.
class Transport {
  public:
    Transport() = default;
    virtual ~Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// Makes the socket, from the source address if there is one. An error is this machine's.
    virtual boost::system::error_code open(const boost::asio::ip::tcp& protocol,
                                           const boost::asio::ip::address* source, bool no_delay) = 0;
    virtual void connect(const boost::asio::ip::tcp::endpoint& target) = 0;
    virtual void write(std::string_view bytes) = 0;
    virtual void read(std::span<char> space) = 0;

    /// A write, and when that has ended well a read. Where an engine can, at once.
    virtual void exchange(std::string_view bytes, std::span<char> space) = 0;
    /// A connect, and when that has ended well an exchange.
    virtual void connect_and_exchange(const boost::asio::ip::tcp::endpoint& target, std::string_view bytes,
                                      std::span<char> space) = 0;

    /// Gives up what is under way, of which nothing is heard any more, and closes the socket. True when that
    /// is done; else on_closed() will say so. Until then the transport must not be opened again.
    virtual bool close() = 0;

    virtual bool is_open() const = 0;
    virtual boost::asio::ip::tcp::endpoint local_endpoint(boost::system::error_code& error) const = 0;
};

/// Belongs to the thread that made it.
class EventLoop {
  public:
    using Clock = std::chrono::steady_clock;

    EventLoop() = default;
    virtual ~EventLoop() = default;
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// The user must outlive it, and it must not outlive the loop.
    virtual std::unique_ptr<Transport> make_transport(TransportUser& user) = 0;

    /// Until stop(). Calls on_time whenever the time of wake_at has come.
    virtual void run(const std::function<void()>& on_time) = 0;
    /// Counts once; of several times the earliest.
    virtual void wake_at(Clock::time_point time) = 0;
    virtual void stop() = 0;
};

enum class Engine {
    asio,     ///< Boost.Asio: runs everywhere, and does TLS
    epoll,    ///< Linux
    io_uring, ///< Linux 6.1 and later; many containers forbid it
};

/// As the command line and the results call it: asio, epoll, io_uring.
std::string_view name(Engine engine);
std::optional<Engine> engine_named(std::string_view name);

/// Those that this system has and lets us use; the one that costs a load least comes first.
std::vector<Engine> permitted_engines();

/// With a TLS client, which must outlive the loop, its transports are encrypted: Asio's only.
std::unique_ptr<EventLoop> make_event_loop(Engine engine, TlsClient* tls = nullptr);

} // namespace loadgen
