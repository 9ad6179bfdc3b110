#include "session.hpp"

#include "base/log.hpp"
#include "isapi/entry_points.hpp"
#include "net/response_head.hpp"

#include <fmt/format.h>

#include <bit>
#include <stdexcept>

namespace host {

void Sessions::serve(Connection& connection) {
    using enum RequestParser::Progress;
    if (connection.draining) {
        drain(connection);
        return;
    }
    while (!io_.stopping()) {
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
        case complete:
            if (!call_extension(connection, parser.take()))
                return;
        }
    }
    listener_.retire(connection);
}

std::vector<ScriptMap> Sessions::script_maps(const Options& options) {
    std::vector<ScriptMap> maps;
    for (const std::string& text : options.maps) {
        const auto map = parse_script_map(text);
        if (!map)
            throw std::runtime_error(fmt::format("--map {} is not of the form .ext=NAME.dll", text));
        maps.push_back(*map);
    }
    return maps;
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
    ScriptPath path = script_path(request.path, options_.prefix, maps_);
    const Extension* extension = find_extension(connection, request, path.name);
    if (extension == nullptr)
        return false;
    const bool head_only = request.method == "HEAD";
    ControlBlock* const block = ControlBlock::make(*this, io_, options_.connection_timeout, connection,
                                                   std::move(request), std::move(path), *extension);
    if (block == nullptr) {
        refuse(connection, "503 Service Unavailable", "Too many requests are in the extensions' hands.",
               head_only);
        return false;
    }
    counters_.requests++;
    extension->requests()++;
    io_.activity().enter();
    set_entry_points(*block);
    const auto completion = block->call_extension();
    if (!completion)
        return false;
    count(*completion);
    if (!completion->keep)
        recycle(*completion, Poster(current_thread_origin()));
    return completion->keep;
}

void Sessions::on_done(const Completion& completion) noexcept {
    count(completion);
    Connection& connection = *completion.connection;
    const Image& image = completion.extension->image();
    Poster poster(current_thread_origin(&image), &image);
    poster.set_request(completion.path);
    if (completion.keep && !io_.stopping()) {
        // Requests that came along with the last one are served by the pool, whoever is to post
        // reads.
        if (options_.keep_alive_read == KeepAliveRead::caller && connection.unread().empty()) {
            if (post_read(connection, options_.connection_timeout, poster))
                return;
        } else {
            if (io_.post(PacketKind::resume, &connection))
                return;
        }
    }
    recycle(completion, poster);
}

void Sessions::recycle(const Completion& completion, const Poster& poster) noexcept {
    Connection& connection = *completion.connection;
    // Closing with bytes unread would send RST, and no thread's exit would be to blame.
    if (!completion.body_is_read && completion.answered && !io_.stopping()) {
        Connection& rest = connections_.acquire();
        rest.take_client_of(connection);
        begin_drain(rest);
        if (!io_.post(PacketKind::resume, &rest)) {
            rest.close();
            connections_.release(rest);
        }
    }
    listener_.recycle(connection, poster);
}

void Sessions::on_call_cancelled(const Connection& connection) noexcept {
    if (!io_.stopping()) {
        counters_.cancelled_calls++;
        exposures_.add(connection.posted_by, Exposed::call, connection.age());
    }
}

void Sessions::on_released() noexcept {
    io_.activity().leave();
}

void Sessions::count(const Completion& completion) noexcept {
    if (completion.answered)
        counters_.answers++;
    if (completion.keep)
        counters_.kept++;
}

void Sessions::refuse(Connection& connection, std::string_view status, const std::string& sentence,
                      bool head_only) {
    warn_of_client(status, fmt::format("{}: {}", status, sentence));
    counters_.errors++;
    connection.send(error_answer(status, sentence, head_only));
    // Closing with bytes unread would send RST, which can overtake the answer.
    begin_drain(connection);
    drain(connection);
}

void Sessions::begin_drain(Connection& connection) noexcept {
    using namespace std::chrono_literals;
    shutdown(connection.socket.get(), SD_SEND);
    connection.draining = true;
    connection.buffered = 0;
    connection.drained_by = std::chrono::steady_clock::now() + 2s;
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
        if (io_.stopping() || !io_.associate(connection))
            return false;
        connection.posted_by = poster;
        return true;
    };
    const auto start = [&] {
        connection.deadline = connection.posted_at + timeout;
        WSABUF room = connection.room();
        DWORD flags = 0;
        return WSARecv(connection.socket.get(), &room, 1, nullptr, &flags, &connection, nullptr) == 0;
    };
    return io_.post(connection, Operation::read, ready, start).under_way;
}

void Sessions::on_read(Connection& connection, DWORD bytes, DWORD error, bool expired) {
    if (error != 0 || bytes == 0) {
        const bool cancelled = error == ERROR_OPERATION_ABORTED && !io_.stopping();
        if (cancelled && !expired) {
            listener_.on_cancelled_read(connection);
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
        const bool waits = connection.operation == Operation::read || connection.operation == Operation::call;
        if (waits && !connection.expired && now >= connection.deadline) {
            connection.expired = true;
            CancelIoEx(std::bit_cast<HANDLE>(connection.socket.get()), &connection);
        }
    });
}

void Sessions::cancel_all(Operation operation) {
    connections_.for_each([operation](Connection& connection) {
        if (connection.operation == operation)
            CancelIoEx(std::bit_cast<HANDLE>(connection.socket.get()), &connection);
    });
}

} // namespace host
