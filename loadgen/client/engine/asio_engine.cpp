#include "client/engine/asio_engine.hpp"

#include "client/engine/asio_loop.hpp"
#include "client/engine/stream_transport.hpp"

#include <utility>

namespace loadgen {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

class PlainLayer {
  public:
    explicit PlainLayer(boost::asio::io_context& context) : socket_(context) {}

    error_code open(const tcp& protocol) {
        error_code error;
        socket_.open(protocol, error);
        return error;
    }
    template <class Handler>
    void async_establish(const tcp::endpoint& target, Handler handler) {
        socket_.async_connect(target, std::move(handler));
    }
    static const error_code& named(const error_code& error) { return error; }
    static error_code error_behind_end() { return {}; }
    static bool holds_unread() { return false; }

    bool is_open() const { return socket_.is_open(); }
    tcp::socket& stream() { return socket_; }
    tcp::socket& socket() { return socket_; }
    const tcp::socket& socket() const { return socket_; }

  private:
    tcp::socket socket_;
};

class PlainLoop final : public AsioLoop {
  public:
    std::unique_ptr<Transport> make_transport(TransportUser& user) override {
        count_transport();
        return std::make_unique<StreamTransport<PlainLayer>>(user, context());
    }
};

} // namespace

std::unique_ptr<EventLoop> make_asio_loop() {
    return std::make_unique<PlainLoop>();
}

} // namespace loadgen
