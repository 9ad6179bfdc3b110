#include "isapi/async_call.hpp"

#include "net/sockets.hpp"

#include <bit>
#include <utility>

namespace host {

template <class Start>
DWORD AsyncCall::post(Connection& connection, const Poster& poster, Start start) {
    const auto ready = [&] {
        if (!io_.associate(connection))
            return false;
        connection.posted_by = poster;
        connection.taker = &taker_;
        return true;
    };
    const auto deadline_and_start = [&] {
        connection.deadline = connection.posted_at + timeout_;
        return start();
    };
    const Posted posted = io_.post(connection, Operation::call, ready, deadline_and_start);
    return posted.under_way ? 0 : posted.error != 0 ? posted.error : DWORD{ERROR_INVALID_HANDLE};
}

DWORD AsyncCall::begun(Kind kind, Callback callback, DWORD error) {
    if (error != 0) {
        std::string().swap(own_);
        return error;
    }
    kind_ = kind;
    callback_ = callback;
    cancelled_ = false;
    return 0;
}

DWORD AsyncCall::write(Connection& connection, const Poster& poster, Callback callback,
                       std::string_view bytes) {
    connection.prepare_send(bytes.size());
    WSABUF what{static_cast<ULONG>(bytes.size()), const_cast<char*>(bytes.data())}; // only read
    const auto start = [&] {
        return WSASend(connection.socket.get(), &what, 1, nullptr, 0, &connection, nullptr) == 0;
    };
    return begun(Kind::send, callback, post(connection, poster, start));
}

DWORD AsyncCall::write_own(Connection& connection, const Poster& poster, Callback callback,
                           std::string bytes) {
    own_ = std::move(bytes);
    return write(connection, poster, callback, own_);
}

DWORD AsyncCall::transmit(Connection& connection, const Poster& poster, Callback callback, FileToSend what) {
    const auto transmit_file = find_transmit_file(connection.socket.get());
    if (transmit_file == nullptr)
        return ERROR_CALL_NOT_IMPLEMENTED;
    own_ = std::move(what.head);
    connection.prepare_send(own_.size() + what.tail.size() + 1);
    ends_ = {own_.data(), static_cast<DWORD>(own_.size()), const_cast<char*>(what.tail.data()),
             static_cast<DWORD>(what.tail.size())};
    const auto start = [&] {
        connection.Offset = what.offset;
        return transmit_file(connection.socket.get(), what.file, what.bytes, 0, &connection, &ends_, 0) ||
               failed_transmit_sends_packet(WSAGetLastError());
    };
    return begun(Kind::send, callback, post(connection, poster, start));
}

DWORD AsyncCall::read(Connection& connection, const Poster& poster, Callback callback, std::span<char> room) {
    const auto [progress, consumed, written] = connection.parser.read_body(connection.unread(), room);
    connection.consume(consumed);
    room_ = room;
    read_ = static_cast<DWORD>(written);
    if (progress == RequestParser::Progress::malformed)
        return ERROR_INVALID_DATA;
    if (written == 0 && progress != RequestParser::Progress::complete)
        return begun(Kind::read, callback, begin_read(connection, poster));
    // It is told in a pool thread all the same.
    const auto packet = [&] { return io_.send_end_of(connection); };
    return begun(Kind::read_at_once, callback, post(connection, poster, packet));
}

DWORD AsyncCall::begin_read(Connection& connection, const Poster& poster) {
    WSABUF room = connection.room();
    if (room.len == 0)
        return ERROR_INVALID_DATA; // a chunk's extension that is longer than any
    DWORD flags = 0;
    const auto start = [&] {
        return WSARecv(connection.socket.get(), &room, 1, nullptr, &flags, &connection, nullptr) == 0;
    };
    return post(connection, poster, start);
}

std::optional<AsyncCall::Ended> AsyncCall::on_packet(Connection& connection, DWORD bytes, DWORD error,
                                                     bool expired) {
    Ended ended{callback_, bytes, error, false};
    if (error == ERROR_OPERATION_ABORTED && expired)
        ended.error = ERROR_SEM_TIMEOUT;
    else if (error == ERROR_OPERATION_ABORTED && !cancelled_)
        ended.by_thread_exit = true;
    if (kind_ == Kind::read_at_once) {
        ended.bytes = read_;
    } else if (kind_ == Kind::read && error == 0 && bytes > 0) {
        connection.buffered += bytes;
        const auto [progress, consumed, written] = connection.parser.read_body(connection.unread(), room_);
        connection.consume(consumed);
        ended.bytes = static_cast<DWORD>(written);
        if (progress == RequestParser::Progress::malformed)
            ended.error = ERROR_INVALID_DATA;
        else if (written == 0 && progress != RequestParser::Progress::complete)
            ended.error = begin_read(connection, Poster(current_thread_origin()));
        if (written == 0 && progress == RequestParser::Progress::needs_more && ended.error == 0)
            return std::nullopt;
    }
    kind_ = Kind::none;
    std::string().swap(own_);
    return ended;
}

void AsyncCall::cancel(Connection& connection) noexcept {
    cancelled_ = true;
    const std::lock_guard lock(connection.guard);
    CancelIoEx(std::bit_cast<HANDLE>(connection.socket.get()), &connection);
}

} // namespace host
