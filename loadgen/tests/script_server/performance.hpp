// Plays scripts on one accepted connection, plain or TLS.
#pragma once

#include "tests/looks.hpp"
#include "tests/script_server/script_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#ifdef LOADGEN_HAS_HTTPS
#include <boost/asio/ssl/stream.hpp>
#endif

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen {

/// Stream: a tcp::socket, or an SSL stream on one.
template <class Stream>
class Performance {
    using error_code = boost::system::error_code;
    using tcp = boost::asio::ip::tcp;
    using Clock = std::chrono::system_clock; // the kernel's, for what it received
    template <class Value = void>
    using Task = boost::asio::awaitable<Value>;

  public:
    Performance(Stream stream, const Play& play, LedgerConnection& entry)
        : stream_(std::move(stream)), play_(play), entry_(entry) {}

    Task<> run() {
        note_arrivals(socket().native_handle());
        co_await shake_hands(stream_);
        if (error_)
            co_return;
        bool goes_on = entry_.reception == Reception::normal;
        if (!goes_on)
            co_await receive_oddly();
        while (goes_on)
            goes_on = co_await serve();
    }

  private:
    struct Request {
        std::size_t script = 0;
        std::size_t body = 0; ///< its length
        std::size_t read = 0; ///< of it
    };

    auto token() { return boost::asio::redirect_error(boost::asio::use_awaitable, error_); }
    auto& socket() { return stream_.lowest_layer(); }

    static Task<> shake_hands(tcp::socket&) { co_return; }
    static Task<> say_that_it_closes(tcp::socket&) { co_return; }
#ifdef LOADGEN_HAS_HTTPS
    using TlsStream = boost::asio::ssl::stream<tcp::socket>;
    Task<> shake_hands(TlsStream& stream) {
        co_await stream.async_handshake(boost::asio::ssl::stream_base::server, token());
    }
    Task<> say_that_it_closes(TlsStream& stream) {
        co_await stream.async_shutdown(token());
    }
#endif

    Task<> receive_oddly() {
        switch (entry_.reception) {
        case Reception::reset:
            co_return co_await reset();
        case Reception::garbage:
            co_await say(Unasked::garbage);
            [[fallthrough]];
        case Reception::fin:
            co_return co_await close(false);
        case Reception::unasked:
        case Reception::unasked_open:
            co_await say(Unasked::response);
            if (entry_.reception == Reception::unasked_open)
                co_await sleep(longer_than_a_pause);
            [[fallthrough]];
        default:
            co_return co_await close_half();
        }
    }

    /// One request; false when the connection is over.
    Task<bool> serve() {
        Request request;
        if (!co_await read_head(request))
            co_return false;
        entry_.servings.push_back({request.script, !entry_.servings.empty()});
        const Script& script = play_.scripts.at(request.script);
        co_await read_body(request, std::min(script.reads, request.body));
        has_read_all_ = request.read == request.body;
        free_since_ = Clock::now();
        co_await send_answer(script);
        if (!error_ && serves_on(script, play_.circumstances)) {
            co_await read_body(request, request.body);
            co_return !error_;
        }
        const Script::Afterword& after = script.afterword;
        if (!(after == Script::Afterword{}) && leaves_at_rest(script, play_.circumstances)) {
            co_await sleep(std::chrono::microseconds(after.pause));
            co_await say(after.says);
            co_await sleep(std::chrono::microseconds(after.linger));
        }
        co_await say_goodbye(script);
        co_return false;
    }

    /// What nobody has asked for.
    Task<> say(Unasked what) {
        if (what == Unasked::nothing)
            co_return;
        co_await send(bytes_of(what));
        entry_.unasked = what;
        note_act();
    }

    bool client_has_closed() {
        tcp_info info{};
        socklen_t size = sizeof info;
        return ::getsockopt(socket().native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
               (info.tcpi_state != TCP_ESTABLISHED && info.tcpi_state != TCP_FIN_WAIT1 &&
                info.tcpi_state != TCP_FIN_WAIT2);
    }

    /// By now the client's kernel has all that was done, if it has acknowledged that: only then it is known.
    bool note_act() {
        int unacknowledged = 1;
        tcp_info info{};
        socklen_t size = sizeof info;
        const int descriptor = socket().native_handle();
        if (error_ || ::ioctl(descriptor, SIOCOUTQ, &unacknowledged) != 0 || unacknowledged > 0 ||
            ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
            info.tcpi_state == TCP_FIN_WAIT1)
            return false;
        if (!acted_)
            acted_ = Clock::now();
        return true;
    }

    Task<bool> read_head(Request& request) {
        const std::size_t head = co_await boost::asio::async_read_until(
            stream_, boost::asio::dynamic_buffer(buffer_), "\r\n\r\n", token());
        if (error_)
            co_return false;
        const std::string_view text = std::string_view(buffer_).substr(0, head);
        request.script = number_behind(text, "/");
        if (text.find("Content-Length: ") != std::string_view::npos)
            request.body = number_behind(text, "Content-Length: ");
        buffer_.erase(0, head);
        co_return true;
    }

    static std::size_t number_behind(std::string_view text, std::string_view mark) {
        const char* const from = text.data() + text.find(mark) + mark.size();
        std::size_t number = 0;
        std::from_chars(from, text.data() + text.size(), number);
        return number;
    }

    Task<> read_body(Request& request, std::size_t wanted) {
        const std::size_t here = std::min(buffer_.size(), wanted - request.read);
        buffer_.erase(0, here);
        request.read += here;
        while (!error_ && request.read < wanted)
            request.read += co_await stream_.async_read_some(
                boost::asio::buffer(scratch_, wanted - request.read), token());
    }

    Task<> send_answer(const Script& script) {
        std::string bytes = render(script, play_.circumstances.head_only).bytes;
        const std::size_t sent = std::min(script.cut, bytes.size());
        bytes.resize(sent);
        std::string surplus = sent < script.cut ? std::string(script.surplus, 's') : std::string();
        if (script.surplus % 2 == 0) // with the answer, else after it
            bytes += std::exchange(surplus, {});
        std::size_t from = 0;
        for (const Script::Piece& piece : script.pieces) {
            const std::size_t end = std::clamp(piece.end, from, sent);
            co_await send(std::string_view(bytes).substr(from, end - from));
            from = end;
            if (piece.pause > 0)
                co_await sleep(std::chrono::microseconds(piece.pause));
        }
        co_await send(std::string_view(bytes).substr(from));
        co_await send(surplus);
    }

    Task<> say_goodbye(const Script& script) {
        switch (script.goodbye) {
        case Goodbye::reset:
            co_return co_await reset();
        case Goodbye::fin:
            co_return co_await close(script.close_notify);
        case Goodbye::silence:
            co_return co_await discard();
        case Goodbye::http:
        case Goodbye::half:
            co_return co_await close_half();
        }
    }

    Task<> send(std::string_view bytes) {
        if (!error_ && !bytes.empty())
            co_await boost::asio::async_write(stream_, boost::asio::buffer(bytes), token());
    }

    Task<> sleep(std::chrono::microseconds time) {
        if (!error_ && time.count() > 0)
            co_await boost::asio::steady_timer(stream_.get_executor(), time).async_wait(token());
    }

    /// Until the client closes. What it sends is of no interest, but when it came is: so it is read from the
    /// socket itself, TLS or not.
    Task<> discard() {
        entry_.is_read_on = !error_;
        while (!error_) {
            co_await socket().async_wait(tcp::socket::wait_read, token());
            if (error_ || !take_bytes())
                co_return;
        }
    }

    /// False: the client has closed.
    bool take_bytes() {
        const Received received = receive(socket().native_handle(), scratch_);
        if (received.bytes <= 0)
            return received.bytes < 0 && errno == EAGAIN;
        entry_.was_asked = true;
        if (received.at)
            note_late_bytes(*received.at);
        return true;
    }

    void note_late_bytes(Clock::time_point arrived) {
        // What is left of a request that the server would not read to its end is no further request. Once the
        // client's FIN has come, the time may be that of the FIN: the kernel joins it to the bytes before.
        if (!acted_ || !has_read_all_ || entry_.late || arrived <= *acted_ || client_has_closed())
            return;
        error_code ignored;
        const auto look = last_look(entry_.client_port, socket().local_endpoint(ignored).port());
        entry_.late = {.age = arrived - *acted_,
                       .were_looked_for = look && *look > *acted_,
                       .were_not_looked_for = !look || *look < free_since_};
    }

    Task<> close_half() {
        socket().shutdown(tcp::socket::shutdown_send, error_);
        for (int tries = 0; tries < 20 && !error_ && !note_act(); ++tries)
            co_await sleep(std::chrono::microseconds(50));
        co_await discard();
    }

    Task<> close(bool notify) {
        co_await until_sent();
        if (notify && !error_)
            co_await say_that_it_closes(stream_);
        socket().close(error_);
    }

    Task<> reset() {
        co_await until_sent();
        error_code ignored;
        socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
        socket().close(ignored);
    }

    /// A RST takes with it what is not yet sent. What is sent has arrived, on loopback.
    Task<> until_sent() {
        while (!error_) {
            int unsent = 0;
            tcp_info info{};
            socklen_t size = sizeof info;
            const int descriptor = socket().native_handle();
            const bool is_open = ::ioctl(descriptor, SIOCOUTQNSD, &unsent) == 0 &&
                                 ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
            if (!is_open || unsent == 0 || info.tcpi_state == TCP_CLOSE)
                co_return;
            co_await sleep(std::chrono::microseconds(200));
        }
    }

    static constexpr std::chrono::milliseconds longer_than_a_pause{5};

    Stream stream_;
    const Play& play_;
    LedgerConnection& entry_;
    error_code error_;             // the first ends it all
    bool has_read_all_ = true;     // of the last request
    Clock::time_point free_since_; // no earlier look was for this request; of a new connection nobody knows
    std::optional<Clock::time_point> acted_; // when it first said something unasked, or its end
    std::string buffer_;
    std::array<char, 16 * 1024> scratch_{};
};

} // namespace loadgen
