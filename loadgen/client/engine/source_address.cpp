#include "client/engine/source_address.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4_iterator.hpp>
#include <boost/asio/ip/address_v6_iterator.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#ifndef _WIN32
#include <cerrno>

#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace loadgen {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t most_addresses = 65'536;

error_code last_error() {
#ifdef _WIN32
    return {WSAGetLastError(), boost::system::system_category()};
#else
    return {errno, boost::system::system_category()};
#endif
}

address parse_address(std::string_view text) {
    error_code error;
    address parsed = boost::asio::ip::make_address(std::string(text), error);
    if (error)
        throw std::invalid_argument(fmt::format("'{}' is not an IP address", text));
    return parsed;
}

template <class Iterator>
void append_range(Iterator first, Iterator last, std::vector<address>& addresses) {
    for (;; ++first) {
        if (addresses.size() == most_addresses)
            throw std::invalid_argument(fmt::format("names more than {} addresses", most_addresses));
        addresses.emplace_back(*first);
        if (first == last)
            return;
    }
}

void append(std::string_view item, std::vector<address>& addresses) {
    const auto dash = item.find('-');
    const address first = parse_address(item.substr(0, dash));
    const address last = dash == std::string_view::npos ? first : parse_address(item.substr(dash + 1));
    if (first.is_v4() != last.is_v4() || last < first)
        throw std::invalid_argument(fmt::format("'{}' is not a range FIRST-LAST", item));
    if (first.is_v4())
        append_range(boost::asio::ip::address_v4_iterator(first.to_v4()),
                     boost::asio::ip::address_v4_iterator(last.to_v4()), addresses);
    else
        append_range(boost::asio::ip::address_v6_iterator(first.to_v6()),
                     boost::asio::ip::address_v6_iterator(last.to_v6()), addresses);
}

} // namespace

std::vector<address> parse_source_addresses(std::string_view text) {
    std::vector<address> addresses;
    for (;;) {
        const auto comma = text.find(',');
        append(text.substr(0, comma), addresses);
        if (comma == std::string_view::npos)
            return addresses;
        text.remove_prefix(comma + 1);
    }
}

void check_source_addresses(std::span<const address> addresses, const tcp::endpoint& target) {
    boost::asio::io_context context;
    for (const address& source : addresses) {
        if (source.is_v4() != target.address().is_v4())
            throw std::invalid_argument(
                fmt::format("the source address '{}' cannot reach {}: one is IPv4, the other IPv6",
                            source.to_string(), target.address().to_string()));
        tcp::socket socket(context, target.protocol());
        if (const error_code error = bind_source_address(socket.native_handle(), source))
            throw std::invalid_argument(fmt::format("the source address '{}' is none of this machine ({})",
                                                    source.to_string(), error.message()));
    }
}

error_code bind_source_address(tcp::socket::native_handle_type socket, const address& source) {
#ifdef IP_BIND_ADDRESS_NO_PORT
    const int on = 1;
    if (setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0)
        return last_error();
#endif
    const tcp::endpoint endpoint(source, 0);
    if (::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0)
        return last_error();
    return {};
}

} // namespace loadgen
