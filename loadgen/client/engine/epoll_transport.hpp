// A transport on the event loop of epoll.
#pragma once

#include "client/engine/epoll_loop.hpp"
#include "client/engine/unread.hpp"

#include <boost/asio/error.hpp>

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace loadgen {

class EpollTransport final : public Transport {
    using tcp = boost::asio::ip::tcp;
    using error_code = boost::system::error_code;

  public:
    EpollTransport(EpollLoop& loop, TransportUser& user) : loop_(loop), user_(user) {}

    error_code open(const tcp& protocol, const boost::asio::ip::address* source, bool no_delay) override {
        return socket_.open(protocol, source, no_delay, SOCK_NONBLOCK);
    }

    void connect(const tcp::endpoint& target) override {
        connecting_ = true;
        const auto size = static_cast<socklen_t>(target.size());
        if (::connect(socket_.descriptor(), target.data(), size) != 0 && errno != EINPROGRESS)
            refusal_ = last_error();
        else
            refusal_ = loop_.watch(socket_.descriptor(), *this);
        watched_since_ = loop_.turns();
        if (refusal_)
            proceed_soon();
    }

    // Sent at once, if it can be: a user that has looked at what has come (has_unread) writes by what it saw,
    // and until the next turn that would grow old. How it ended is told then.
    void write(std::string_view bytes) override {
        unsent_ = bytes;
        if (writable_)
            push();
        proceed_soon();
    }

    void read(std::span<char> space) override {
        space_ = space;
        proceed_soon();
    }

    void exchange(std::string_view bytes, std::span<char> space) override {
        then_read_ = space;
        write(bytes);
    }

    void connect_and_exchange(const tcp::endpoint& target, std::string_view bytes,
                              std::span<char> space) override {
        unsent_ = bytes;
        then_read_ = space;
        connect(target);
    }

    bool close() override {
        socket_.close();
        unsent_ = {};
        space_ = then_read_ = {};
        connecting_ = writable_ = readable_ = ended_ = failed_ = false;
        refusal_ = {};
        written_.reset();
        watched_since_ = not_watched;
        return true;
    }

    bool has_unread() const override { return loadgen::has_unread(socket_.descriptor()); }
    bool knows_unread() const override { return readable_; }
    bool is_open() const override { return socket_.is_open(); }
    tcp::endpoint local_endpoint(error_code& error) const override { return socket_.local_endpoint(error); }

    void on_event(std::uint32_t events) {
        // It may be of an earlier connection, closed while the loop told of other events.
        if (watched_since_ >= loop_.turns())
            return;
        constexpr std::uint32_t end = EPOLLERR | EPOLLHUP | EPOLLRDHUP;
        writable_ = writable_ || (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0;
        readable_ = readable_ || (events & (EPOLLIN | end)) != 0;
        ended_ = ended_ || (events & end) != 0;
        failed_ = (events & EPOLLERR) != 0;
        proceed();
    }

    /// Does what can be done now. Each step tells the user, who may begin what is then the next step.
    void proceed() {
        proceeding_ = true;
        awaits_turn_ = false;
        for (int step = 0; step < most_steps && !loop_.is_stopped(); ++step)
            if (!finish_connect() && !send_some() && !receive_some())
                break;
        proceeding_ = false;
        proceed_soon();
    }

  private:
    // A peer that never stops sending must leave the other connections, and the clock, their turn.
    static constexpr int most_steps = 16;
    static constexpr std::uint64_t not_watched = std::numeric_limits<std::uint64_t>::max();

    void proceed_soon() {
        if (proceeding_ || awaits_turn_ || !may_proceed())
            return;
        awaits_turn_ = true;
        loop_.proceed_soon(*this);
    }
    bool may_proceed() const {
        if (connecting_)
            return refusal_.failed();
        return written_ || (!unsent_.empty() && writable_) || (!space_.empty() && readable_);
    }

    // Each of the following is true when it has done something.

    bool finish_connect() {
        if (!connecting_ || (!writable_ && !refusal_))
            return false;
        connecting_ = false;
        const error_code error = refusal_  ? refusal_
                                 : failed_ ? take_error(socket_.descriptor())
                                           : error_code{};
        if (error) {
            unsent_ = {};
            then_read_ = {};
        }
        user_.on_connect(error);
        return true;
    }

    bool send_some() {
        if (written_) {
            const error_code error = *std::exchange(written_, std::nullopt);
            const auto then = std::exchange(then_read_, {});
            if (!error && !then.empty())
                space_ = then;
            user_.on_write(error);
            return true;
        }
        if (connecting_ || unsent_.empty() || !writable_)
            return false;
        push();
        return true;
    }

    void push() {
        const ssize_t sent = ::send(socket_.descriptor(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            writable_ = errno == EINTR;
        } else if (sent < 0) {
            unsent_ = {};
            written_ = last_error();
        } else {
            unsent_.remove_prefix(static_cast<std::size_t>(sent));
            if (unsent_.empty())
                written_.emplace();
        }
    }

    bool receive_some() {
        if (connecting_ || space_.empty() || !readable_)
            return false;
        const ssize_t received = ::recv(socket_.descriptor(), space_.data(), space_.size(), 0);
        if (received < 0 && (errno == EAGAIN || errno == EINTR)) {
            readable_ = errno == EINTR;
            return true;
        }
        // Less than there was room for is all there was, and more makes the next edge (epoll(7)); but the
        // end, of which the edge has been, is yet to be read.
        const auto bytes = static_cast<std::size_t>(received < 0 ? 0 : received);
        readable_ = ended_ || bytes == space_.size();
        space_ = {};
        user_.on_read(received < 0    ? last_error()
                      : received == 0 ? error_code(boost::asio::error::eof)
                                      : error_code{},
                      bytes);
        return true;
    }

    EpollLoop& loop_;
    TransportUser& user_;
    Socket socket_;
    std::string_view unsent_;
    std::span<char> space_;                     // of the read under way
    std::span<char> then_read_;                 // when all is sent
    std::optional<error_code> written_;         // how the write under way has ended, yet to be told
    error_code refusal_;                        // why the connection could not even be begun
    std::uint64_t watched_since_ = not_watched; // which turn of the loop
    bool connecting_ = false;
    bool writable_ = false; // what the edges so far have said
    bool readable_ = false;
    bool ended_ = false;
    bool failed_ = false; // of the last event
    bool proceeding_ = false;
    bool awaits_turn_ = false;
};

} // namespace loadgen
