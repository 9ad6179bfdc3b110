#include "net/connection.hpp"

#include <mswsock.h>

#include <algorithm>
#include <system_error>

namespace host {

Connection::Connection() : OVERLAPPED{}, event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    if (!event_)
        throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), "event");
}

void Connection::prepare(Operation next, bool dies_with_thread) noexcept {
    static_cast<OVERLAPPED&>(*this) = OVERLAPPED{};
    // A handle's low bit is clear; set, it would keep the packet from the port.
    hEvent = dies_with_thread ? event_.get() : nullptr;
    operation = next;
    expired = false;
    posted_at = std::chrono::steady_clock::now();
}

Connection::Ended Connection::end_operation() noexcept {
    const std::lock_guard lock(guard);
    return {std::exchange(operation, Operation::none), std::exchange(expired, false)};
}

void Connection::take_client_of(Connection& other) noexcept {
    const std::scoped_lock lock(guard, other.guard);
    socket = std::move(other.socket);
    on_port = other.on_port;
}

void Connection::close() noexcept {
    {
        const std::lock_guard lock(guard);
        socket.reset();
    }
    on_port = false;
    sent_ = 0;
    at_once_ = false;
    may_wait_ = false;
    may_stall_ = false;
    draining = false;
    buffered = 0;
    parser.reset();
}

void Connection::consume(std::size_t bytes) noexcept {
    std::copy(buffer.data() + bytes, buffer.data() + buffered, buffer.data());
    buffered -= bytes;
}

// Each option costs a trip to Wine's server, and an answer that is sent at once needs neither.
void Connection::prepare_send(std::size_t bytes) noexcept {
    constexpr std::size_t never_waits = 8 * 1024; // what every system buffers
    if (sent_ > 0 && !std::exchange(at_once_, true)) {
        const BOOL no_delay = TRUE;
        setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&no_delay),
                   sizeof(no_delay));
    }
    sent_ += bytes;
    if (sent_ > never_waits && !std::exchange(may_wait_, true)) {
        // A client that does not read must not hold a thread for ever.
        const auto longest = static_cast<DWORD>(patience.count());
        setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, reinterpret_cast<const char*>(&longest),
                   sizeof(longest));
    }
}

DWORD Connection::send(std::string_view bytes) noexcept {
    prepare_send(bytes.size());
    while (!bytes.empty()) {
        const int length = static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 20));
        const int sent = ::send(socket.get(), bytes.data(), length, 0);
        if (sent == SOCKET_ERROR)
            return static_cast<DWORD>(WSAGetLastError());
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return 0;
}

DWORD Connection::receive(std::size_t& bytes) noexcept {
    if (!std::exchange(may_stall_, true)) {
        const auto longest = static_cast<DWORD>(patience.count());
        setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&longest),
                   sizeof(longest));
    }
    const WSABUF free = room();
    const int received = recv(socket.get(), free.buf, static_cast<int>(free.len), 0);
    if (received == SOCKET_ERROR)
        return static_cast<DWORD>(WSAGetLastError());
    bytes = static_cast<std::size_t>(received);
    buffered += bytes;
    return 0;
}

bool Connection::peer_is_there() const noexcept {
    fd_set readable{};
    FD_SET(socket.get(), &readable);
    timeval at_once{};
    char byte = 0;
    return select(0, &readable, nullptr, nullptr, &at_once) == 0 ||
           recv(socket.get(), &byte, 1, MSG_PEEK) > 0;
}

bool Connection::at_end() const noexcept {
    u_long non_blocking = 1;
    char byte = 0;
    return ioctlsocket(socket.get(), static_cast<long>(FIONBIO), &non_blocking) == 0 &&
           recv(socket.get(), &byte, 1, MSG_PEEK) == 0;
}

Connection::Client Connection::client(std::chrono::seconds* since) const noexcept {
    constexpr DWORD nobody = 0xFFFFFFFF;
    DWORD seconds = nobody;
    int size = sizeof(seconds);
    if (getsockopt(socket.get(), SOL_SOCKET, SO_CONNECT_TIME, reinterpret_cast<char*>(&seconds), &size) != 0)
        return Client::unknown;
    if (seconds == nobody)
        return Client::none;
    if (since != nullptr)
        *since = std::chrono::seconds(seconds);
    return Client::connected;
}

Connection& ConnectionRegistry::acquire() {
    const std::lock_guard lock(guard_);
    if (free_.empty())
        return *all_.emplace_back(std::make_unique<Connection>());
    Connection& connection = *free_.back();
    free_.pop_back();
    return connection;
}

void ConnectionRegistry::release(Connection& connection) {
    const std::lock_guard lock(guard_);
    free_.push_back(&connection);
}

void ConnectionRegistry::for_each(const std::function<void(Connection&)>& visit) {
    std::vector<Connection*> contexts;
    {
        const std::lock_guard lock(guard_);
        std::ranges::transform(all_, std::back_inserter(contexts),
                               [](auto& context) { return context.get(); });
    }
    for (Connection* connection : contexts) {
        const std::lock_guard lock(connection->guard);
        visit(*connection);
    }
}

std::size_t ConnectionRegistry::size() const {
    const std::lock_guard lock(guard_);
    return all_.size();
}

} // namespace host
