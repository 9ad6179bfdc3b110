// In the place of tls.cpp where there is no OpenSSL.
#include "client/engine/tls.hpp"

#include "client/engine/engine.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace loadgen {

// There is never one.
class TlsClient {};

bool has_tls() {
    return false;
}

std::shared_ptr<TlsClient> make_tls_client(std::string host, const TlsOptions&) {
    throw std::invalid_argument(fmt::format(
        "https://{} cannot be loaded: this loadgen was built without OpenSSL; use http://, or build it "
        "with OpenSSL",
        host));
}

std::unique_ptr<EventLoop> make_tls_loop(TlsClient&) {
    throw std::logic_error("a loop for TLS, in a build without it");
}

std::string about_failure(const TlsClient&, const std::string& name) {
    return name;
}

bool is_tls_error(const boost::system::error_code&) {
    return false;
}

} // namespace loadgen
