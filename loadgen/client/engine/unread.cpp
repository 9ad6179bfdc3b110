#include "client/engine/unread.hpp"

#include <boost/asio/error.hpp>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>
#endif

namespace loadgen {

using boost::asio::ip::tcp;
using boost::system::error_code;

// The end of a stream is POLLIN, too (poll(2); WSAPoll says POLLHUP); an error needs no asking for.
bool has_unread(tcp::socket::native_handle_type socket) {
#ifdef _WIN32
    WSAPOLLFD one{};
    one.fd = socket;
    one.events = POLLRDNORM;
    return WSAPoll(&one, 1, 0) > 0;
#else
    pollfd one{.fd = socket, .events = POLLIN, .revents = 0};
    return ::poll(&one, 1, 0) > 0;
#endif
}

error_code take_error(tcp::socket::native_handle_type socket) {
    int error = 0;
#ifdef _WIN32
    int size = sizeof error;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size) != 0)
        error = WSAGetLastError();
#else
    socklen_t size = sizeof error;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
#endif
    return {error, boost::system::system_category()};
}

} // namespace loadgen
