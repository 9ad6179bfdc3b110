// https: whom to trust, and that the server is who the URL says.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace loadgen {

struct TlsOptions {
    bool verify = true;  ///< the server's certificate, and that it is the host's
    std::string ca_file; ///< PEM file of authorities to trust besides the system's; empty: none
};

/// What the TLS connections to one host have in common. May be used by several threads.
class TlsClient {
  public:
    /// Throws std::invalid_argument, naming it, if the file of authorities cannot be used.
    TlsClient(std::string host, const TlsOptions& options);

    boost::asio::ssl::context& context() { return context_; }
    /// Before the handshake: which host is meant (SNI, RFC 6066), and that the certificate must be its.
    void prepare(SSL* connection) const;

  private:
    std::string host_;
    bool verify_;
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
};

} // namespace loadgen
