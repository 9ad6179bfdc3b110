#include "tests/closing_server.hpp"

#include "tests/looks.hpp"

#include <boost/system/system_error.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace loadgen {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::system_clock;

constexpr std::string_view response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

int checked(int result, const char* call) {
    if (result < 0)
        throw boost::system::system_error(errno, boost::system::system_category(), call);
    return result;
}

} // namespace

ClosingServer::ClosingServer(std::chrono::milliseconds every)
    : every_(every),
      listener_(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket")) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    checked(::bind(listener_, any, size), "bind");
    checked(::listen(listener_, 1024), "listen");
    checked(::getsockname(listener_, any, &size), "getsockname");
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
}

ClosingServer::~ClosingServer() {
    finish();
    ::close(listener_);
}

ClosingServer::Ledger ClosingServer::finish() {
    stopping_ = true;
    if (thread_.joinable())
        thread_.join();
    return ledger_;
}

void ClosingServer::serve() {
    auto next_close = Clock::now() + every_;
    std::vector<pollfd> polled;
    while (!stopping_) {
        polled.assign(1, {.fd = listener_, .events = POLLIN, .revents = 0});
        for (const Connection& connection : connections_)
            polled.push_back({.fd = connection.descriptor, .events = POLLIN, .revents = 0});
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next_close - Clock::now());
        ::poll(polled.data(), polled.size(), static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 20)));
        std::vector<Connection> left;
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            if (polled[i + 1].revents == 0 || read(connections_[i]))
                left.push_back(connections_[i]);
            else
                ::close(connections_[i].descriptor);
        }
        connections_ = std::move(left);
        accept_connections();
        if (Clock::now() < next_close)
            continue;
        close_idle_ones();
        next_close = Clock::now() + every_;
    }
    for (const Connection& connection : connections_)
        ::close(connection.descriptor);
}

void ClosingServer::accept_connections() {
    for (;;) {
        sockaddr_in client{};
        socklen_t size = sizeof client;
        const int descriptor =
            ::accept4(listener_, reinterpret_cast<sockaddr*>(&client), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (descriptor < 0)
            return;
        const int on = 1;
        note_arrivals(descriptor);
        checked(::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
        connections_.push_back({.descriptor = descriptor, .client_port = ntohs(client.sin_port)});
    }
}

bool ClosingServer::read(Connection& connection) {
    std::array<char, 4096> bytes{};
    const Received received = receive(connection.descriptor, bytes);
    if (received.bytes <= 0)
        return received.bytes < 0 && errno == EAGAIN;
    if (connection.closed != Clock::time_point{}) {
        const auto look = last_look(connection.client_port, port_);
        if (received.at && *received.at > connection.closed)
            ledger_.late.push_back({.age = *received.at - connection.closed,
                                    .was_looked_for = look && *look > connection.closed});
        return true; // until the client closes
    }
    connection.is_asked =
        !std::string_view(bytes.data(), static_cast<std::size_t>(received.bytes)).ends_with("\r\n\r\n");
    return connection.is_asked ||
           ::send(connection.descriptor, response.data(), response.size(), MSG_NOSIGNAL) > 0;
}

void ClosingServer::close_idle_ones() {
    for (Connection& connection : connections_) {
        int unread = 0;
        const bool is_closed = connection.closed != Clock::time_point{};
        if (is_closed || connection.is_asked || ::ioctl(connection.descriptor, FIONREAD, &unread) != 0 ||
            unread > 0)
            continue;
        ::shutdown(connection.descriptor, SHUT_WR);
        connection.closed = Clock::now(); // loopback: the client's kernel has it
        ++ledger_.closes;
    }
}

} // namespace loadgen
