// A transport whose operations go through a ring.
#pragma once

#include "client/engine/ring.hpp"
#include "client/engine/socket.hpp"
#include "client/engine/turning_loop.hpp"
#include "client/engine/unread.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <exception>
#include <tuple>
#include <utility>

namespace loadgen {

class RingTransport final : public Transport, private Ring::Listener {
    using tcp = boost::asio::ip::tcp;
    using error_code = boost::system::error_code;

  public:
    RingTransport(Ring& ring, const TurningLoop& loop, TransportUser& user)
        : ring_(ring), loop_(loop), user_(user) {}

    // The kernel may write where we read into until it has given up the operation.
    ~RingTransport() override {
        try {
            close();
            while (in_flight_ > 0)
                ring_.turn(std::chrono::seconds(1));
        } catch (const std::exception&) {
            ring_.end();
        }
    }

    error_code open(const tcp& protocol, const boost::asio::ip::address* source, bool no_delay) override {
        return socket_.open(protocol, source, no_delay);
    }

    void connect(const tcp::endpoint& target) override {
        is_linked_ = false;
        submit_connect(target, 0);
    }

    // At once: a user that has looked at what has come (has_unread) writes by what it saw, and until the next
    // turn that would grow old.
    void write(std::string_view bytes) override {
        is_linked_ = false;
        submit_send(bytes, 0, 0);
        ring_.hand_over();
    }

    void read(std::span<char> space) override {
        is_linked_ = false;
        submit_receive(space);
    }

    // A link goes on only after the whole of a send (MSG_WAITALL).
    void exchange(std::string_view bytes, std::span<char> space) override {
        assert(bytes.size() <= longest_exchange);
        ring_.reserve(2);
        is_linked_ = true;
        space_ = space;
        submit_send(bytes, MSG_WAITALL, IOSQE_IO_LINK);
        submit_receive(space);
    }

    void connect_and_exchange(const tcp::endpoint& target, std::string_view bytes,
                              std::span<char> space) override {
        ring_.reserve(3);
        submit_connect(target, IOSQE_IO_LINK);
        exchange(bytes, space);
    }

    bool close() override {
        if (!socket_.is_open())
            return true;
        if (in_flight_ == 0) {
            release();
            return true;
        }
        if (!is_closing_)
            submit_cancel();
        is_closing_ = true;
        return false;
    }

    bool has_unread() const override { return loadgen::has_unread(socket_.descriptor()); }
    bool knows_unread() const override { return has_more_; }
    bool is_open() const override { return socket_.is_open() && !is_closing_; }
    tcp::endpoint local_endpoint(error_code& error) const override { return socket_.local_endpoint(error); }

  private:
    enum Tag : unsigned { connecting, sending, receiving, cancelling };

    template <class Prepare>
    void submit(Tag tag, unsigned flags, Prepare prepare) {
        ring_.submit(*this, tag, flags, prepare);
        ++in_flight_;
    }

    void submit_connect(const tcp::endpoint& target, unsigned flags) {
        target_ = target;
        submit(connecting, flags, [&](io_uring_sqe* entry) {
            io_uring_prep_connect(entry, socket_.descriptor(), target_.data(),
                                  static_cast<socklen_t>(target_.size()));
        });
    }

    void submit_send(std::string_view bytes, int send_flags, unsigned flags) {
        unsent_ = bytes;
        submit(sending, flags, [&](io_uring_sqe* entry) {
            io_uring_prep_send(entry, socket_.descriptor(), bytes.data(), bytes.size(),
                               MSG_NOSIGNAL | send_flags);
        });
    }

    void submit_receive(std::span<char> space) {
        has_more_ = false;
        submit(receiving, 0, [&](io_uring_sqe* entry) {
            io_uring_prep_recv(entry, socket_.descriptor(), space.data(), space.size(), 0);
        });
    }

    void submit_cancel() {
        submit(cancelling, 0, [&](io_uring_sqe* entry) {
            io_uring_prep_cancel_fd(entry, socket_.descriptor(), IORING_ASYNC_CANCEL_ALL);
        });
    }

    void on_completion(unsigned tag, int result, unsigned flags) override {
        --in_flight_;
        if (is_closing_)
            return on_given_up(tag, result);
        if (loop_.is_stopped())
            return;
        // What is linked to a failure is cancelled, and when that is done nothing is under way: then the
        // failure is told.
        if (is_linked_ && (result == -ECANCELED || is_short(tag, result))) {
            if (result != -ECANCELED)
                failure_ = {tag, result};
            if (in_flight_ > 0)
                return;
            std::tie(tag, result) = failure_;
        }
        switch (tag) {
        case connecting:
            return user_.on_connect(error_of(result));
        case sending:
            return on_sent(result);
        default:
            has_more_ = (flags & IORING_CQE_F_SOCK_NONEMPTY) != 0; // an end is more, too (tcp_inq_hint)
            return user_.on_read(result == 0 ? boost::asio::error::eof : error_of(result),
                                 static_cast<std::size_t>(std::max(result, 0)));
        }
    }

    static error_code error_of(int result) {
        return result < 0 ? error_code(-result, boost::system::system_category()) : error_code{};
    }

    bool is_short(unsigned tag, int result) const {
        return result < 0 || (tag == sending && static_cast<std::size_t>(result) < unsent_.size());
    }

    void on_sent(int result) {
        if (result < 0)
            return user_.on_write(error_of(result));
        unsent_.remove_prefix(static_cast<std::size_t>(result));
        if (unsent_.empty())
            return user_.on_write({});
        if (is_linked_) // it was cut short by an error, which is lost, and comes again or another does
            return exchange(unsent_, space_);
        submit_send(unsent_, 0, 0);
    }

    void on_given_up(unsigned tag, int result) {
        // The kernel doesn't find what a link has come to and not yet begun.
        if (in_flight_ > 0)
            return tag == cancelling && result <= 0 ? submit_cancel() : void();
        release();
        if (!loop_.is_stopped())
            user_.on_closed();
    }

    void release() {
        is_closing_ = false;
        if (loop_.is_stopped()) // there may be no turn any more
            return socket_.close();
        ring_.submit([&](io_uring_sqe* entry) { io_uring_prep_close(entry, socket_.descriptor()); });
        socket_.release();
    }

    Ring& ring_;
    const TurningLoop& loop_;
    TransportUser& user_;
    Socket socket_;
    tcp::endpoint target_; // which the kernel reads at the next turn
    std::string_view unsent_;
    std::span<char> space_;              // of the exchange
    std::pair<unsigned, int> failure_{}; // of the exchange: of which operation, and its result
    unsigned in_flight_ = 0;
    bool has_more_ = false;  // behind what was read last
    bool is_linked_ = false; // what was begun last is an exchange
    bool is_closing_ = false;
};

} // namespace loadgen
