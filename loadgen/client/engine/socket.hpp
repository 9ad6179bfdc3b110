// A TCP socket's descriptor and what every engine does with it outside its event loop.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace loadgen {

/// The error of a system call that has just failed.
boost::system::error_code last_error();

class Socket {
  public:
    Socket() = default;
    ~Socket() { close(); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    /// A new one, which inherits nothing from an earlier: blocking unless the flags have SOCK_NONBLOCK, from
    /// the source address if there is one. After an error it may be open, and is to be closed.
    boost::system::error_code open(const boost::asio::ip::tcp& protocol,
                                   const boost::asio::ip::address* source, bool no_delay, int flags = 0);
    void close();
    /// Leaves the closing of the descriptor to the caller.
    int release();

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    boost::asio::ip::tcp::endpoint local_endpoint(boost::system::error_code& error) const;

  private:
    int descriptor_ = -1;
};

} // namespace loadgen
