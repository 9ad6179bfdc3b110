// What goes wrong with TLS: error codes that name it, and the words for people.
#pragma once

#include <boost/system/error_code.hpp>

#include <openssl/ssl.h>

#include <string>
#include <string_view>

namespace loadgen {

/// Of what the connection failed by, the code that says most: the alert that the server sent, what is wrong
/// with the server's certificate, or else the error itself.
boost::system::error_code named_tls_failure(const boost::system::error_code& error, const SSL* connection);

/// Whether it is such a code.
bool is_named_tls_failure(const boost::system::error_code& error);

/// What the verification that stands there has against the server's certificate, and what helps: names,
/// dates.
std::string about_certificate(X509_STORE_CTX* verification, const std::string& host);

/// The same of any other failure, by its code's message. `certificate_file`: of the client's certificate;
/// empty: it has none.
std::string about_tls_failure(std::string_view message, const std::string& host,
                              const std::string& certificate_file);

} // namespace loadgen
