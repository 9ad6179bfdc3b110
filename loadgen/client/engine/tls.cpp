#include "client/engine/tls.hpp"

#include "client/engine/asio_loop.hpp"
#include "client/engine/stream_transport.hpp"
#include "client/engine/unread.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <fmt/format.h>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <optional>
#include <stdexcept>
#include <utility>

namespace loadgen {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

bool is_address(const std::string& host) {
    error_code error;
    boost::asio::ip::make_address(host, error);
    return !error;
}

} // namespace

class TlsClient {
  public:
    TlsClient(std::string host, const TlsOptions& options) : host_(std::move(host)), verify_(options.verify) {
        error_code error;
        context_.set_verify_mode(verify_ ? boost::asio::ssl::verify_peer : boost::asio::ssl::verify_none);
        context_.set_default_verify_paths(error); // a system without any trusts nobody
        if (options.ca_file.empty())
            return;
        context_.load_verify_file(options.ca_file, error);
        if (error)
            throw std::invalid_argument(fmt::format("'{}' is no file of certificates in PEM format: {}",
                                                    options.ca_file, error.message()));
    }

    boost::asio::ssl::context& context() { return context_; }

    /// Before the handshake: which host is meant (SNI, RFC 6066), and that the certificate must be its.
    void prepare(SSL* connection) const {
        if (!is_address(host_)) // RFC 6066, 3: no addresses in SNI
            SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     const_cast<char*>(host_.c_str())); // it copies the name
        if (!verify_)
            return;
        if (is_address(host_))
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host_.c_str());
        else
            SSL_set1_host(connection, host_.c_str());
    }

  private:
    std::string host_;
    bool verify_;
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
};

namespace {

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

    // Asked of the socket itself, since no record tells of it.
    error_code error_behind_end() { return take_error(socket().native_handle()); }
    // One read of the socket may have brought several records.
    bool holds_unread() const {
        SSL* const connection = const_cast<Stream&>(*stream_).native_handle();
        return SSL_has_pending(connection) == 1 || BIO_pending(SSL_get_rbio(connection)) > 0;
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

class TlsLoop final : public AsioLoop {
  public:
    explicit TlsLoop(TlsClient& client) : client_(client) {}

    std::unique_ptr<Transport> make_transport(TransportUser& user) override {
        count_transport();
        return std::make_unique<StreamTransport<TlsLayer>>(user, context(), client_);
    }

  private:
    TlsClient& client_;
};

} // namespace

bool has_tls() {
    return true;
}

std::shared_ptr<TlsClient> make_tls_client(std::string host, const TlsOptions& options) {
    return std::make_shared<TlsClient>(std::move(host), options);
}

std::unique_ptr<EventLoop> make_tls_loop(TlsClient& client) {
    return std::make_unique<TlsLoop>(client);
}

bool is_tls_error(const error_code& error) {
    return error.category() == boost::asio::error::get_ssl_category() ||
           error.category() == boost::asio::ssl::error::get_stream_category();
}

} // namespace loadgen
