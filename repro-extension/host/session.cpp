#include "session.hpp"

#include "entry_points.hpp"
#include "log.hpp"
#include "response_head.hpp"

#include <fmt/format.h>

#include <bit>

namespace host {

void Sessions::serve(Connection& connection) {
    using enum RequestParser::Progress;
    while (!activity_.stopping()) {
        RequestParser& parser = connection.parser;
        const auto [progress, consumed] = parser.parse(connection.unread());
        connection.consume(consumed);
        switch (progress) {
        case needs_more:
            if (connection.unread().size() == connection.buffer.size()) {
                refuse(connection, "400 Bad Request",
                       fmt::format("A chunk's extension or a trailer has more than {} bytes.",
                                   connection.buffer.size()),
                       false);
                return;
            }
            if (parser.wants_continue())
                connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            if (!post_read(connection, options_.connection_timeout))
                listener_.retire(connection);
            return;
        case malformed:
            refuse(connection, "400 Bad Request",
                   fmt::format("The request is malformed: {}.", parser.reason()), false);
            return;
        case body_too_large:
            refuse(connection, "413 Payload Too Large",
                   fmt::format("The body has more than {} bytes.", RequestParser::body_limit),
                   parser.is_head_request());
            return;
        case complete:
            if (!call_extension(connection, parser.take()))
                return;
        }
    }
    listener_.retire(connection);
}

const Extension* Sessions::find_extension(Connection& connection, const Request& request,
                                          const std::string& name) {
    const bool head_only = request.method == "HEAD";
    if (name.empty()) {
        refuse(connection, "404 Not Found",
               fmt::format("{} is not of the form {}/NAME.dll.", request.path, options_.prefix), head_only);
        return nullptr;
    }
    try {
        const Extension* extension = extensions_.find(name);
        if (extension == nullptr)
            refuse(connection, "404 Not Found", fmt::format("There is no {} in the folder of --root.", name),
                   head_only);
        return extension;
    } catch (const ExtensionError& error) {
        refuse(connection, "500 Internal Server Error", fmt::format("{}.", error.what()), head_only);
        return nullptr;
    }
}

bool Sessions::call_extension(Connection& connection, Request request) {
    ScriptPath path = script_path(request.path, options_.prefix);
    const Extension* extension = find_extension(connection, request, path.name);
    if (extension == nullptr)
        return false;
    counters_.requests++;
    extension->requests()++;
    activity_.enter();
    auto* block = new ControlBlock(*this, connection, std::move(request), std::move(path), *extension);
    set_entry_points(*block);
    const DWORD status = extension->call(*block);
    if (status == HSE_STATUS_PENDING) {
        // From here on the connection may already serve another client: DONE_WITH_SESSION can have
        // come before.
        block->release();
        return false;
    }
    const auto completion = block->complete(status);
    if (completion)
        block->release();
    block->release();
    if (!completion)
        return false;
    count(*completion);
    if (!completion->keep)
        listener_.recycle(connection, Poster(current_thread_origin()));
    return completion->keep;
}

void Sessions::on_done(const Completion& completion) noexcept {
    count(completion);
    Connection& connection = *completion.connection;
    Poster poster(current_thread_origin(&completion.extension->image()), completion.extension);
    poster.set_request(completion.path);
    if (completion.keep && !activity_.stopping()) {
        // Requests that came along with the last one are served by the pool, whoever is to post
        // reads.
        if (options_.keep_alive_read == KeepAliveRead::caller && connection.unread().empty()) {
            if (post_read(connection, options_.connection_timeout, poster))
                return;
        } else {
            activity_.enter();
            if (atq_.post(PacketKind::resume, &connection))
                return;
            activity_.leave();
        }
    }
    listener_.recycle(connection, poster);
}

void Sessions::on_released() noexcept {
    activity_.leave();
}

void Sessions::count(const Completion& completion) noexcept {
    if (completion.answered)
        counters_.answers++;
    if (completion.keep)
        counters_.kept++;
}

void Sessions::refuse(Connection& connection, std::string_view status, const std::string& sentence,
                      bool head_only) {
    using namespace std::chrono_literals;
    warn_of_client(status, fmt::format("{}: {}", status, sentence));
    counters_.errors++;
    connection.send(error_answer(status, sentence, head_only));
    // Closing with bytes unread would send RST, which can overtake the answer: the client closes
    // first, if it will.
    shutdown(connection.socket.get(), SD_SEND);
    connection.draining = true;
    connection.buffered = 0;
    connection.drained_by = std::chrono::steady_clock::now() + 2s;
    drain(connection);
}

// One deadline for all of it: a client that goes on sending does not hold the connection.
void Sessions::drain(Connection& connection) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(connection.drained_by -
                                                                   std::chrono::steady_clock::now());
    if (left.count() <= 0 || !post_read(connection, left))
        listener_.retire(connection);
}

bool Sessions::post_read(Connection& connection, std::chrono::milliseconds timeout,
                         const Poster& poster) noexcept {
    const auto ready = [&] {
        if (activity_.stopping() || (!connection.on_port && !atq_.associate(connection.socket.get())))
            return false;
        connection.on_port = true;
        connection.posted_by = poster;
        return true;
    };
    const auto start = [&] {
        connection.deadline = connection.posted_at + timeout;
        WSABUF room{static_cast<ULONG>(connection.buffer.size() - connection.buffered),
                    connection.buffer.data() + connection.buffered};
        DWORD flags = 0;
        return WSARecv(connection.socket.get(), &room, 1, nullptr, &flags, &connection, nullptr) == 0;
    };
    return connection
        .post(Operation::read, options_.thread_exit == ThreadExit::cancels, activity_, ready, start)
        .under_way;
}

void Sessions::on_read(Connection& connection, DWORD bytes, DWORD error, bool expired) {
    if (error != 0 || bytes == 0) {
        const bool cancelled = error == ERROR_OPERATION_ABORTED && !activity_.stopping();
        if (cancelled && !expired) {
            counters_.cancelled_reads++;
            exposures_.add(connection.posted_by, Exposed::read, connection.age());
        } else if (cancelled && !connection.draining) {
            counters_.connection_timeouts++;
        }
        listener_.retire(connection);
        return;
    }
    if (!connection.draining) {
        connection.buffered += bytes;
        serve(connection);
    } else {
        drain(connection);
    }
}

void Sessions::expire_idle() {
    const auto now = std::chrono::steady_clock::now();
    connections_.for_each([now](Connection& connection) {
        if (connection.operation == Operation::read && !connection.expired && now >= connection.deadline) {
            connection.expired = true;
            CancelIoEx(std::bit_cast<HANDLE>(connection.socket.get()), &connection);
        }
    });
}

void Sessions::stop() {
    connections_.for_each([](Connection& connection) {
        if (connection.operation == Operation::read)
            CancelIoEx(std::bit_cast<HANDLE>(connection.socket.get()), &connection);
    });
}

} // namespace host
