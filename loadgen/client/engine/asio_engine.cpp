#include "client/engine/asio_engine.hpp"

#include "client/engine/stream_transport.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>
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
    static const error_code& end_of(const error_code& error) { return error; }

    bool is_open() const { return socket_.is_open(); }
    tcp::socket& stream() { return socket_; }
    tcp::socket& socket() { return socket_; }
    const tcp::socket& socket() const { return socket_; }

  private:
    tcp::socket socket_;
};

class TlsLayer {
  public:
    using Stream = boost::asio::ssl::stream<tcp::socket>;

    TlsLayer(boost::asio::io_context& context, TlsClient& client) : context_(context), client_(client) {
        renew();
    }

    error_code open(const tcp& protocol) {
        renew();
        error_code error;
        socket().open(protocol, error);
        return error;
    }
    template <class Handler>
    void async_establish(const tcp::endpoint& target, Handler handler) {
        socket().async_connect(target, [this, handler = std::move(handler)](const error_code& error) mutable {
            if (error)
                return handler(error);
            stream_->async_handshake(boost::asio::ssl::stream_base::client, std::move(handler));
        });
    }
    // Many servers close without the close_notify that TLS asks for. Whether the answer was whole, its length
    // tells.
    static error_code end_of(const error_code& error) {
        return error == boost::asio::ssl::error::stream_truncated ? boost::asio::error::eof : error;
    }

    bool is_open() const { return socket().is_open(); }
    Stream& stream() { return *stream_; }
    tcp::socket& socket() { return stream_->next_layer(); }
    const tcp::socket& socket() const { return stream_->next_layer(); }

  private:
    void renew() { // a TLS stream is for one connection
        stream_.emplace(context_, client_.context());
        client_.prepare(stream_->native_handle());
    }

    boost::asio::io_context& context_;
    TlsClient& client_;
    std::optional<Stream> stream_;
};

class AsioLoop final : public EventLoop {
  public:
    explicit AsioLoop(TlsClient* tls) : tls_(tls) {}

    std::unique_ptr<Transport> make_transport(TransportUser& user) override {
        if (tls_ != nullptr)
            return std::make_unique<StreamTransport<TlsLayer>>(user, context_, *tls_);
        return std::make_unique<StreamTransport<PlainLayer>>(user, context_);
    }

    void run(const std::function<void()>& on_time) override {
        on_time_ = on_time;
        const auto work = boost::asio::make_work_guard(context_);
        context_.run();
    }

    void wake_at(Clock::time_point time) override {
        if (time >= next_)
            return;
        next_ = time;
        timer_.expires_at(time);
        timer_.async_wait([this](const error_code& error) {
            if (error) // set to an earlier time
                return;
            next_ = Clock::time_point::max();
            on_time_();
        });
    }

    void stop() override { context_.stop(); }

  private:
    TlsClient* tls_;
    boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE}; // of one thread: no locks
    boost::asio::steady_timer timer_{context_};
    Clock::time_point next_ = Clock::time_point::max();
    std::function<void()> on_time_;
};

} // namespace

std::unique_ptr<EventLoop> make_asio_loop(TlsClient* tls) {
    return std::make_unique<AsioLoop>(tls);
}

} // namespace loadgen
