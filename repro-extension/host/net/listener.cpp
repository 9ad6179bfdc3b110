#include "net/listener.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "faults/symbols.hpp"
#include "net/sockets.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <ws2tcpip.h>

#include <array>
#include <bit>

namespace host {
namespace {

// Nobody who is about to send waits so long.
constexpr std::chrono::seconds long_silence{5};

constexpr DWORD address_size = sizeof(sockaddr_in) + 16; // what AcceptEx asks for

template <class Value>
void set_option(const Connection& connection, int level, int name, const Value& value) noexcept {
    setsockopt(connection.socket.get(), level, name, reinterpret_cast<const char*>(&value), sizeof(value));
}

} // namespace

Listener::Listener(const Options& options, IoPort& io, ConnectionRegistry& connections, Counters& counters,
                   Exposures& exposures)
    : options_(options),
      io_(io),
      connections_(connections),
      counters_(counters),
      exposures_(exposures),
      victims_(options.victims),
      socket_(make_socket()) {
    if (!socket_)
        throw_socket_error("cannot make a socket");
    bind_to_address(socket_.get(), options);
    port_ = listen_on(socket_.get(), options.listen_backlog);
    accept_ex_ = find_accept_ex(socket_.get());
    if (!io_.associate(socket_.get()))
        throw_socket_error("cannot listen");
}

void Listener::replenish() noexcept {
    const int wanted = static_cast<int>(options_.accept_outstanding);
    const Poster poster(current_thread_origin());
    while (!io_.stopping()) {
        if (pending_.fetch_add(1) >= wanted) {
            pending_.fetch_sub(1);
            return;
        }
        if (!post(connections_.acquire(), poster))
            return;
    }
}

void Listener::recycle(Connection& connection, const Poster& poster) noexcept {
    connection.close();
    pending_.fetch_add(1);
    post(connection, poster);
}

void Listener::retire(Connection& connection) noexcept {
    connection.close();
    connections_.release(connection);
    replenish();
}

Posted Listener::try_post(Connection& connection, const Poster& poster) noexcept {
    const std::shared_lock open(open_);
    const auto ready = [&] {
        if (!socket_)
            return false;
        connection.socket = make_socket();
        connection.posted_by = poster;
        return true;
    };
    const auto start = [&] {
        DWORD bytes = 0;
        return accept_ex_(socket_.get(), connection.socket.get(), connection.buffer.data(),
                          Connection::accept_read_size, address_size, address_size, &bytes,
                          &connection) != FALSE;
    };
    return io_.post(connection, Operation::accept, ready, start);
}

// pending_ already counts the request.
bool Listener::post(Connection& connection, const Poster& poster) noexcept {
    const Posted posted = try_post(connection, poster);
    if (posted.under_way)
        return true;
    pending_.fetch_sub(1);
    connection.close();
    connections_.release(connection);
    if (posted.error != 0)
        warn_once(fmt::format("AcceptEx failed at once: {}", error_text(posted.error)));
    return false;
}

bool Listener::on_accept(Connection& connection, DWORD bytes, DWORD error, bool expired) {
    pending_.fetch_sub(1);
    if (error == 0 && bytes > 0) {
        counters_.accepted++;
        connection.buffered = bytes;
        {
            const std::shared_lock open(open_);
            set_option(connection, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, socket_.get());
        }
        connection.patience = options_.connection_timeout;
        replenish();
        return true;
    }
    if (error == 0) {
        counters_.accepted++;
        on_empty(connection);
    } else if (error != ERROR_OPERATION_ABORTED) {
        counters_.failed_accepts++;
    } else if (expired) {
        counters_.accept_timeouts++;
    } else if (!io_.stopping()) {
        on_cancelled(connection);
    }
    retire(connection);
    return false;
}

// Wine completes an AcceptEx through a call to the thread that posted it. If that thread is just
// exiting, the call is dropped and the request ends well, with 0 bytes, whatever had been read
// (thread_apc_destroy in Wine's server/thread.c). The client then has sent its request and gets no
// answer; nothing is left but to close. Nothing is known of a Windows that does so.
void Listener::on_empty(Connection& connection) {
    if (connection.at_end()) {
        counters_.empty_connections++;
        return;
    }
    counters_.lost_accepts++;
    spdlog::warn("an AcceptEx posted by thread {} of {} lost the bytes it had read as that thread exited",
                 connection.posted_by.thread.id, describe_address(connection.posted_by.thread.start));
}

// The thread that posted the AcceptEx has exited, and the system has cancelled it (KB 813531, steps
// 2 and 3).
void Listener::on_cancelled(Connection& connection) {
    switch (connection.client()) {
    case Connection::Client::none:
        counters_.harmless_cancels++;
        exposures_.add(connection.posted_by, Exposed::nobody, connection.age());
        break;
    case Connection::Client::unknown:
        counters_.unclear_cancels++;
        exposures_.add(connection.posted_by, Exposed::unclear, connection.age());
        break;
    case Connection::Client::connected:
        on_victim(connection);
        break;
    }
}

void Listener::on_victim(Connection& connection) {
    const auto age = connection.age();
    {
        // Windows documents that an accepted socket knows its peer only from here on. Whether one whose
        // AcceptEx was cancelled does, is not known: then the victim has no address.
        const std::shared_lock open(open_);
        set_option(connection, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, socket_.get());
    }
    counters_.victims++;
    exposures_.add(connection.posted_by, Exposed::victim, age);
    end_victim(connection, "accept", age);
}

void Listener::on_cancelled_read(Connection& connection) {
    const auto age = connection.age();
    counters_.cancelled_reads++;
    exposures_.add(connection.posted_by, Exposed::read, age);
    if (!connection.at_end()) // else the client has gone by itself
        end_victim(connection, "read", age);
}

void Listener::end_victim(Connection& connection, std::string_view operation, std::chrono::microseconds age) {
    sockaddr_in peer{};
    int size = sizeof(peer);
    std::array<char, INET_ADDRSTRLEN> text{};
    if (getpeername(connection.socket.get(), reinterpret_cast<sockaddr*>(&peer), &size) == 0)
        inet_ntop(AF_INET, &peer.sin_addr, text.data(), text.size());
    else
        warn_once(fmt::format("the address of a victim is not known: {}",
                              error_text(static_cast<DWORD>(WSAGetLastError()))));
    victims_.add({text.data(), ntohs(peer.sin_port), connection.posted_by, age, operation});
    if (options_.victim_close == VictimClose::reset) // the close that follows sends RST
        set_option(connection, SOL_SOCKET, SO_LINGER, linger{1, 0});
    if (options_.victim_close == VictimClose::leave) {
        const std::scoped_lock lock(left_guard_, connection.guard);
        left_.push_back(std::move(connection.socket));
    }
}

void Listener::expire_silent() {
    unsigned long_silent = 0;
    {
        const std::shared_lock open(open_);
        if (!socket_)
            return;
        connections_.for_each([&](Connection& connection) {
            std::chrono::seconds silent{};
            if (connection.operation != Operation::accept || connection.expired ||
                connection.client(&silent) != Connection::Client::connected)
                return;
            long_silent += silent >= long_silence ? 1 : 0;
            if (silent >= options_.accept_timeout) {
                connection.expired = true;
                CancelIoEx(std::bit_cast<HANDLE>(socket_.get()), &connection);
            }
        });
    }
    if (long_silent >= options_.accept_outstanding)
        warn_of_client("silent",
                       fmt::format("{} clients are connected and have sent nothing for {} s or more. They "
                                   "hold all AcceptEx requests, so others wait in the backlog until "
                                   "--accept-timeout, {} s, ends them",
                                   long_silent, long_silence.count(),
                                   std::chrono::ceil<std::chrono::seconds>(options_.accept_timeout).count()));
}

unsigned Listener::established() const {
    unsigned count = 0;
    connections_.for_each([&count](const Connection& connection) {
        count +=
            connection.operation == Operation::accept && connection.client() == Connection::Client::connected
                ? 1
                : 0;
    });
    return count;
}

void Listener::stop() noexcept {
    const std::unique_lock open(open_);
    CancelIoEx(std::bit_cast<HANDLE>(socket_.get()), nullptr);
    socket_.reset();
}

} // namespace host
