#include "client/engine/socket.hpp"

#include "client/engine/source_address.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace loadgen {

using boost::asio::ip::tcp;
using boost::system::error_code;

error_code last_error() {
    return {errno, boost::system::system_category()};
}

error_code Socket::open(const tcp& protocol, const boost::asio::ip::address* source, bool no_delay,
                        int flags) {
    close();
    descriptor_ = ::socket(protocol.family(), SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (descriptor_ < 0)
        return last_error();
    const int on = 1;
    if (no_delay && setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        return last_error();
    return source != nullptr ? bind_source_address(descriptor_, *source) : error_code{};
}

void Socket::close() {
    if (is_open())
        ::close(release());
}

int Socket::release() {
    return std::exchange(descriptor_, -1);
}

tcp::endpoint Socket::local_endpoint(error_code& error) const {
    tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (getsockname(descriptor_, endpoint.data(), &size) != 0) {
        error = last_error();
        return {};
    }
    endpoint.resize(size);
    return endpoint;
}

} // namespace loadgen
