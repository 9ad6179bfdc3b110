#include "server.hpp"

#include "request.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace uring {
namespace {

constexpr unsigned steps = 8;

std::uint64_t data_of(unsigned index, unsigned step) {
    return std::uint64_t{index} * steps + step;
}

// Each of those outstanding has a successor while its own close is on its way, and some leeway.
unsigned descriptors_for(unsigned outstanding) {
    return 3 * outstanding + 64;
}

} // namespace

Server::Server(const Options& options)
    : victims_(options.victims),
      outstanding_(options.outstanding),
      listener_(options.address, options.port, options.listen_backlog),
      connections_(descriptors_for(options.outstanding)),
      ring_(options.submitter, descriptors_for(options.outstanding)) {
    for (Connection& connection : connections_) {
        connection.index = static_cast<unsigned>(&connection - connections_.data());
        free_.push_back(&connection);
    }
    variants_["/thread-per-request"] = {"thread-per-request", std::make_unique<ThreadPerJob>()};
    variants_["/thread-pool"] = {"thread-pool", std::make_unique<ThreadPool>(options.pool_threads)};
}

void Server::run() {
    stop_.watch(ring_, signal, input);
    for (unsigned i = 0; i < outstanding_; ++i) {
        Connection& connection = take_free(ring_thread());
        ring_.submit({accept_for(connection), read_from(connection)});
    }
    while (!is_stopping_)
        on_completion(ring_.wait());
    for (auto& [path, variant] : variants_)
        variant.workers->finish();
}

void Server::on_completion(const Completion& completion) {
    Connection& connection = connections_.at(completion.data / steps);
    switch (completion.data % steps) {
    case accept:
        return on_accept(connection, completion.result);
    case read:
        return on_read(connection, completion.result);
    case peek:
        return on_peek(connection, completion.result);
    case send:
        ++(completion.result == static_cast<int>(connection.answer.size()) ? counters_.answers
                                                                           : counters_.errors);
        return;
    case close:
        return on_close(connection);
    case signal:
        is_stopping_ = true;
        return;
    default:
        is_stopping_ = stop_.is_end_of_input(ring_, completion);
    }
}

void Server::on_accept(Connection& connection, int result) {
    connection.is_accepted = result >= 0;
    if (result >= 0)
        ++counters_.accepted;
    else
        ++(result == -ECANCELED ? counters_.harmless_cancels : counters_.errors);
}

void Server::on_read(Connection& connection, int result) {
    if (!connection.is_accepted) {
        // The end of its accept was that of the read. The client that woke it still waits to be
        // accepted.
        prepare(connection, ring_thread());
        ring_.submit({accept_for(connection), read_from(connection)});
    } else if (result > 0) {
        connection.size += static_cast<std::size_t>(result);
        on_head(connection);
    } else if (result == -ECANCELED || result == -EFAULT) {
        // Nobody has cancelled it but the kernel, for the exit of the thread; it says EFAULT of a
        // linked read that it had not begun by then. What came is still there, be it a request or
        // the client's close.
        ring_.submit({{data_of(connection.index, peek), IOSQE_FIXED_FILE, [&connection](auto* entry) {
                           io_uring_prep_recv(entry, static_cast<int>(connection.index),
                                              connection.head.data(), connection.head.size(),
                                              MSG_PEEK | MSG_DONTWAIT);
                       }}});
    } else {
        ++(result == 0 || result == -ECONNRESET ? counters_.left : counters_.errors);
        drop(connection);
    }
}

void Server::on_peek(Connection& connection, int result) {
    if (result > 0) {
        ++counters_.victims;
        victims_.add(connection.peer, connection.poster);
    } else {
        ++(result == 0 || result == -ECONNRESET ? counters_.left : counters_.errors);
    }
    drop(connection); // where bytes are unread, the kernel sends a RST
}

void Server::on_close(Connection& connection) {
    const std::lock_guard lock(free_guard_);
    free_.push_back(&connection);
}

void Server::on_head(Connection& connection) {
    const std::string_view head(connection.head.data(), connection.size);
    if (!is_whole(head)) {
        if (connection.size == connection.head.size()) {
            ++counters_.errors;
            return drop(connection);
        }
        connection.poster = ring_thread();
        return ring_.submit({read_from(connection)});
    }
    ++counters_.requests;
    const auto found = variants_.find(path_of(head));
    if (found == variants_.end())
        return answer(connection, not_found(), ring_thread());
    const auto& [path, variant] = *found;
    variant.workers->run([this, &connection, &path = path, &variant = variant] {
        answer(connection, answer_of(variant.name),
               {.thread = ::gettid(), .thread_start = variant.workers->thread_start(), .path = path});
    });
}

/// Answers, closes, and submits the next accept and first read: all in the thread that calls, as
/// IIS does in DONE_WITH_SESSION.
void Server::answer(Connection& connection, std::string text, const Poster& poster) {
    connection.answer = std::move(text);
    Connection& next = take_free(poster);
    const Ring::Request sending{
        data_of(connection.index, send), IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK, [&connection](auto* entry) {
            io_uring_prep_send(entry, static_cast<int>(connection.index), connection.answer.data(),
                               connection.answer.size(), MSG_NOSIGNAL);
        }};
    ring_.submit({sending, close_of(connection), accept_for(next), read_from(next)});
}

/// Closes without an answer, and replaces it.
void Server::drop(Connection& connection) {
    Connection& next = take_free(ring_thread());
    ring_.submit({close_of(connection), accept_for(next), read_from(next)});
}

void Server::prepare(Connection& connection, const Poster& poster) {
    connection.is_accepted = false;
    connection.size = 0;
    connection.peer_size = sizeof connection.peer;
    connection.poster = poster;
    connection.poster.time = std::chrono::steady_clock::now();
}

Server::Connection& Server::take_free(const Poster& poster) {
    const std::lock_guard lock(free_guard_);
    if (free_.empty())
        throw std::logic_error("more connections are being closed than there can be");
    Connection& connection = *free_.back();
    free_.pop_back();
    prepare(connection, poster);
    return connection;
}

Poster Server::ring_thread() {
    return {.thread = ::gettid(), .thread_start = "main"};
}

std::uint16_t Server::port() const {
    return ntohs(listener_.address().sin_port);
}

Ring::Request Server::accept_for(Connection& connection) {
    return {data_of(connection.index, accept), IOSQE_IO_LINK, [this, &connection](auto* entry) {
                io_uring_prep_accept_direct(entry, listener_.number(),
                                            reinterpret_cast<sockaddr*>(&connection.peer),
                                            &connection.peer_size, 0, connection.index);
            }};
}

Ring::Request Server::read_from(Connection& connection) {
    return {data_of(connection.index, read), IOSQE_FIXED_FILE, [&connection](auto* entry) {
                io_uring_prep_recv(entry, static_cast<int>(connection.index),
                                   connection.head.data() + connection.size,
                                   connection.head.size() - connection.size, 0);
            }};
}

Ring::Request Server::close_of(Connection& connection) {
    return {data_of(connection.index, close), 0,
            [&connection](auto* entry) { io_uring_prep_close_direct(entry, connection.index); }};
}

} // namespace uring
