// The addresses of this machine that a load comes from: each has some 28,000 ephemeral ports of its own.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace loadgen {

/// A[,B...], each an address or a range FIRST-LAST: 127.0.0.2,10.0.0.1-10.0.0.9. At most 65,536 in all.
/// Throws std::invalid_argument with a sentence that names what is wrong.
std::vector<boost::asio::ip::address> parse_source_addresses(std::string_view text);

/// Throws std::invalid_argument, naming it, if one is no address of this machine, or not of the target's
/// kind.
void check_source_addresses(std::span<const boost::asio::ip::address> addresses,
                            const boost::asio::ip::tcp::endpoint& target);

/// Gives the socket, which is open and not connected, its source address. The port is left to connect(),
/// which need only make it unique together with the target (Linux: IP_BIND_ADDRESS_NO_PORT, ip(7)); bind()
/// would have to find one that is free for every target.
boost::system::error_code bind_source_address(boost::asio::ip::tcp::socket::native_handle_type socket,
                                              const boost::asio::ip::address& source);

} // namespace loadgen
