// The server's end of a connection.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace loadgen {

/// Plain, or with TLS on it.
class PeerStream {
  public:
    PeerStream() = default;
    virtual ~PeerStream() = default;
    PeerStream(const PeerStream&) = delete;
    PeerStream& operator=(const PeerStream&) = delete;

    virtual boost::asio::awaitable<void> establish() = 0;
    virtual boost::asio::awaitable<std::size_t> read_some(std::span<char> space) = 0;
    virtual boost::asio::awaitable<void> write(std::string_view bytes) = 0;
    /// What a protocol says before the close, if it says anything: TLS's close_notify.
    virtual boost::asio::awaitable<void> announce_end() = 0;
    virtual boost::asio::ip::tcp::socket& socket() = 0;
};
using MakePeerStream = std::function<std::shared_ptr<PeerStream>(boost::asio::ip::tcp::socket)>;

std::shared_ptr<PeerStream> make_plain_stream(boost::asio::ip::tcp::socket socket);

} // namespace loadgen
