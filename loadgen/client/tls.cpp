#include "client/tls.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <utility>

namespace loadgen {
namespace {

bool is_address(const std::string& host) {
    boost::system::error_code error;
    boost::asio::ip::make_address(host, error);
    return !error;
}

} // namespace

TlsClient::TlsClient(std::string host, const TlsOptions& options)
    : host_(std::move(host)), verify_(options.verify) {
    boost::system::error_code error;
    context_.set_verify_mode(verify_ ? boost::asio::ssl::verify_peer : boost::asio::ssl::verify_none);
    context_.set_default_verify_paths(error); // a system without any trusts nobody
    if (options.ca_file.empty())
        return;
    context_.load_verify_file(options.ca_file, error);
    if (error)
        throw std::invalid_argument(fmt::format("'{}' is no file of certificates in PEM format: {}",
                                                options.ca_file, error.message()));
}

void TlsClient::prepare(SSL* connection) const {
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

} // namespace loadgen
