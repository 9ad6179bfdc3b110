#include "tests/engine/peer_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace loadgen {
namespace {

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

class PlainStream final : public PeerStream {
  public:
    explicit PlainStream(tcp::socket socket) : socket_(std::move(socket)) {}

    awaitable<void> establish() override { co_return; }
    awaitable<std::size_t> read_some(std::span<char> space) override {
        co_return co_await socket_.async_read_some(boost::asio::buffer(space.data(), space.size()),
                                                   use_awaitable);
    }
    awaitable<void> write(std::string_view bytes) override {
        co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes), use_awaitable);
    }
    awaitable<void> announce_end() override { co_return; }
    tcp::socket& socket() override { return socket_; }

  private:
    tcp::socket socket_;
};

} // namespace

std::shared_ptr<PeerStream> make_plain_stream(tcp::socket socket) {
    return std::make_shared<PlainStream>(std::move(socket));
}

} // namespace loadgen
