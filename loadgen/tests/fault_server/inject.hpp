// What a fault does to a connection.
#pragma once

#include "tests/fault_server/fault.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace loadgen {

/// The socket is of no further use afterwards.
boost::asio::awaitable<void> inject(const Fault& fault, boost::asio::ip::tcp::socket& socket);

} // namespace loadgen
