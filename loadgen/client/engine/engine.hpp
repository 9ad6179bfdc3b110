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

/// What an exchange may write: so much fits into a socket's buffer at once.
inline constexpr std::size_t longest_exchange = std::size_t{16} * 1024;

/// Whom a transport tells how its operations ended; never from within a call of a transport or the loop, but
/// for run(), and never after stop(). From within each of these a user may do whatever it may do otherwise,
/// with any transport of the loop: close it, open it anew, begin operations.
class TransportUser {
  public:
    virtual void on_connect(const boost::system::error_code& error) = 0;
    /// Everything is written, or an error has come.
    virtual void on_write(const boost::system::error_code& error) = 0;
    /// Some bytes are there, or else an error: boost::asio::error::eof when the peer has closed (for TLS see
    /// stream_end.hpp).
    virtual void on_read(const boost::system::error_code& error, std::size_t bytes) = 0;
    /// After a close() that could not be done at once.
    virtual void on_closed() = 0;

  protected:
    ~TransportUser() = default;
};

/// One TCP connection at a time: open(); one connect, alone or with an exchange; then writes and reads until
/// close(), which may come at any time. Each connect, write and read ends once, in the call of its name, or
/// is given up by close(). A write and a read may be under way at once, and either may end first; not two of
/// a kind. After an error close() is all there is to do; but after an end of the stream one may still write,
/// and after an error of a write still read what came before it. What is written and where is read into may
/// not be empty, and must stay until the operation has ended or the transport is closed. A transport must
/// stay until stop().
class Transport {
  public:
    Transport() = default;
    virtual ~Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// Makes the socket, from the source address if there is one. An error is this machine's: after it
    /// close(), and open() may be tried again.
    virtual boost::system::error_code open(const boost::asio::ip::tcp& protocol,
                                           const boost::asio::ip::address* source, bool no_delay) = 0;
    virtual void connect(const boost::asio::ip::tcp::endpoint& target) = 0;
    virtual void write(std::string_view bytes) = 0;
    virtual void read(std::span<char> space) = 0;

    /// A write, of longest_exchange at most, and when that has ended well a read. Where an engine can, at
    /// once. Neither may be under way. An error ends the whole: then there is no read.
    virtual void exchange(std::string_view bytes, std::span<char> space) = 0;
    /// A connect, and when that has ended well an exchange.
    virtual void connect_and_exchange(const boost::asio::ip::tcp::endpoint& target, std::string_view bytes,
                                      std::span<char> space) = 0;

    /// Gives up what is under way, of which nothing is heard any more, and closes the socket. True when that
    /// is done, as it is whenever nothing is under way; else on_closed() will say so, once, and until then
    /// the transport must not be opened again. What is closed may be closed again.
    virtual bool close() = 0;

    /// The peer's bytes, its end or an error have come that the user was not told of: a read that is under
    /// way will tell. Asks the kernel, waits for nothing, takes nothing away. Over TLS it may be a record
    /// that is no user's concern, so what has not been told after a turn of the loop may never be.
    virtual bool has_unread() const = 0;
    /// The same, as far as the engine knows since the last read, which costs nothing where that matters.
    virtual bool knows_unread() const = 0;
    /// After eof: the error that came behind it, if one has come. Over TLS the peer's close_notify is read
    /// before the reset that follows it; without TLS an end and a reset are told by the kernel, in order.
    virtual boost::system::error_code error_behind_end() { return {}; }

    /// From an open() without error to the next close().
    virtual bool is_open() const = 0;
    virtual boost::asio::ip::tcp::endpoint local_endpoint(boost::system::error_code& error) const = 0;
};

// How engines keep that: to tell the user is the last thing that a function does, since the transport may be
// another connection's when it returns. What follows by itself, as an exchange's read does, is begun before.

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

    /// Until stop(). Calls on_time whenever the time of wake_at has come, and all that the kernel knew by
    /// then has been told: a user that acts by the clock acts on nothing stale. Throws
    /// boost::system::system_error if the system fails it.
    virtual void run(const std::function<void()>& on_time) = 0;
    /// Counts once; of several times the earliest.
    virtual void wake_at(Clock::time_point time) = 0;
    /// For good: no user hears of anything any more, nor is on_time called.
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

/// Those that this build has; the one that costs a load least comes first.
std::vector<Engine> known_engines();
/// Those of them that this system lets us use.
std::vector<Engine> permitted_engines();

/// With a TLS client, which must outlive the loop, its transports are encrypted: Asio's only.
std::unique_ptr<EventLoop> make_event_loop(Engine engine, TlsClient* tls = nullptr);

} // namespace loadgen
