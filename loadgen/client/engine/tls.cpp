#include "client/engine/tls.hpp"

#include "client/engine/asio_loop.hpp"
#include "client/engine/stream_end.hpp"
#include "client/engine/stream_transport.hpp"
#include "client/engine/tls_failures.hpp"
#include "client/engine/unread.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <fmt/format.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <map>
#include <memory>
#include <mutex>
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

template <auto Free>
struct Freed {
    void operator()(auto* pointer) const { Free(pointer); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

/// Throws std::invalid_argument, naming the file, if it has no private key that can be read.
Key read_key(const std::string& file) {
    const std::unique_ptr<BIO, Freed<BIO_free>> bytes(BIO_new_file(file.c_str(), "r"));
    bool wants_password = false;
    const auto no_password = [](char*, int, int, void* wanted) {
        *static_cast<bool*>(wanted) = true;
        return -1;
    };
    Key key(bytes ? PEM_read_bio_PrivateKey(bytes.get(), nullptr, no_password, &wants_password) : nullptr);
    ERR_clear_error(); // what is left there would be told as a connection's
    if (wants_password)
        throw std::invalid_argument(fmt::format("the private key in '{0}' is encrypted, and nobody is asked "
                                                "for its password: openssl pkey -in '{0}' writes it without",
                                                file));
    if (!key)
        throw std::invalid_argument(
            fmt::format("there is no private key in PEM format in '{}': --key FILE names one", file));
    return key;
}

} // namespace

class TlsClient {
  public:
    TlsClient(std::string host, const TlsOptions& options)
        : host_(std::move(host)), verify_(options.verify), certificate_file_(options.certificate_file) {
        error_code error;
        context_.set_verify_mode(verify_ ? boost::asio::ssl::verify_peer : boost::asio::ssl::verify_none);
        if (verify_)
            context_.set_verify_callback([this](bool is_fine, boost::asio::ssl::verify_context& about) {
                if (!is_fine)
                    note(about.native_handle());
                return is_fine;
            });
        context_.set_default_verify_paths(error); // a system without any trusts nobody
        if (!options.ca_file.empty()) {
            ensure_readable(options.ca_file);
            context_.load_verify_file(options.ca_file, error);
            if (error)
                throw no_certificates(options.ca_file, error);
        }
        if (!options.certificate_file.empty())
            present(options.certificate_file,
                    options.key_file.empty() ? options.certificate_file : options.key_file);
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

    std::string about_failure(const std::string& name) const {
        const std::scoped_lock lock(mutex_);
        const auto refused = refused_.find(name);
        return refused != refused_.end() ? refused->second
                                         : about_tls_failure(name, host_, certificate_file_);
    }

  private:
    static void ensure_readable(const std::string& file) {
        if (!std::ifstream(file))
            throw std::invalid_argument(fmt::format("cannot read the file '{}'", file));
    }

    static std::invalid_argument no_certificates(const std::string& file, const error_code& error) {
        return std::invalid_argument(
            fmt::format("'{}' is no file of certificates in PEM format: {}", file, error.message()));
    }

    // To a server that asks for one.
    void present(const std::string& certificate_file, const std::string& key_file) {
        ensure_readable(certificate_file);
        ensure_readable(key_file);
        error_code error;
        context_.use_certificate_chain_file(certificate_file, error);
        if (error)
            throw no_certificates(certificate_file, error);
        const Key key = read_key(key_file);
        SSL_CTX* const context = context_.native_handle();
        // The second looks at both; the first does for keys of the certificate's kind only.
        if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
            ERR_clear_error();
            throw std::invalid_argument(fmt::format(
                "the private key in '{}' is not that of the certificate in '{}': --key FILE names another",
                key_file, certificate_file));
        }
    }

    // The first of a kind stands for all of them.
    void note(X509_STORE_CTX* verification) {
        const std::scoped_lock lock(mutex_);
        std::string& words = refused_[X509_verify_cert_error_string(X509_STORE_CTX_get_error(verification))];
        if (words.empty())
            words = about_certificate(verification, host_);
    }

    std::string host_;
    bool verify_;
    std::string certificate_file_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> refused_; // guarded by mutex_; what is said, by a failure's name
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
            stream_->async_handshake(boost::asio::ssl::stream_base::client,
                                     [this, handler = std::move(handler)](const error_code& failure) mutable {
                                         handler(named_tls_failure(failure, stream_->native_handle()));
                                     });
        });
    }
    error_code named(const error_code& error) {
        // Many servers close without the close_notify that TLS asks for.
        return error == boost::asio::ssl::error::stream_truncated
                   ? truncated_stream()
                   : named_tls_failure(error, stream_->native_handle());
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

std::string about_failure(const TlsClient& client, const std::string& name) {
    return client.about_failure(name);
}

bool is_tls_error(const error_code& error) {
    return is_named_tls_failure(error) || error.category() == boost::asio::error::get_ssl_category() ||
           error.category() == boost::asio::ssl::error::get_stream_category();
}

} // namespace loadgen
