// https: whom to trust, and that the server is who the URL says. tls.cpp does it with OpenSSL; a build
// without OpenSSL has tls_absent.cpp in its place.
#pragma once

#include <boost/system/error_code.hpp>

#include <memory>
#include <string>

namespace loadgen {

class EventLoop;

struct TlsOptions {
    bool verify = true;           ///< the server's certificate, and that it is the host's
    std::string ca_file;          ///< PEM file of authorities to trust besides the system's; empty: none
    std::string certificate_file; ///< PEM file of the client's certificate and its chain; empty: it has none
    std::string key_file;         ///< PEM file of the certificate's key; empty: the certificate's has it
};

/// What the TLS connections to one host have in common. May be used by several threads.
class TlsClient;

/// This build has https.
bool has_tls();

/// Throws std::invalid_argument: naming it, if a file cannot be used, or because this build has no https.
std::shared_ptr<TlsClient> make_tls_client(std::string host, const TlsOptions& options);

/// All the loop's transports are encrypted. The client must outlive it.
std::unique_ptr<EventLoop> make_tls_loop(TlsClient& client);

/// Why connections of the client fail, and what helps; by the name (error_name()) of the failure.
std::string about_failure(const TlsClient& client, const std::string& name);

/// Whether TLS itself failed, and not the connection below it.
bool is_tls_error(const boost::system::error_code& error);

} // namespace loadgen
