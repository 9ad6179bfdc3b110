#include "listener.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace uring {

Descriptor::Descriptor(int number) : number_(number) {
    if (number < 0)
        throw std::system_error(errno, std::system_category(), "no descriptor");
}

Descriptor::~Descriptor() {
    ::close(number_);
}

Descriptor tcp_socket() {
    return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

Listener::Listener(const std::string& address, std::uint16_t port, int backlog) : socket_(tcp_socket()) {
    const int on = 1;
    ::setsockopt(number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    if (::inet_pton(AF_INET, address.c_str(), &address_.sin_addr) != 1)
        throw std::runtime_error(fmt::format("'{}' is no IPv4 address", address));
    auto* const any = reinterpret_cast<sockaddr*>(&address_);
    socklen_t size = sizeof address_;
    if (::bind(number(), any, size) != 0 || ::listen(number(), backlog) != 0 ||
        ::getsockname(number(), any, &size) != 0)
        throw std::system_error(errno, std::system_category(),
                                fmt::format("cannot listen on {}:{}", address, port));
}

} // namespace uring
