// What has come over a connection and nobody has been told of.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace loadgen {

/// Bytes of the peer's, its end or an error wait at the socket. Asks the kernel once, waits for
/// nothing and takes nothing away (poll(2), WSAPoll): whoever reads next is told of them.
bool has_unread(boost::asio::ip::tcp::socket::native_handle_type socket);

/// The error that the socket has met with, if it has, and takes it away: nobody else is told of it
/// (SO_ERROR; socket(7)).
boost::system::error_code take_error(boost::asio::ip::tcp::socket::native_handle_type socket);

} // namespace loadgen
