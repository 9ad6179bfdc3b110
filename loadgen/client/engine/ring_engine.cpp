#include "client/engine/ring_engine.hpp"

#include "client/engine/ring.hpp"
#include "client/engine/socket.hpp"
#include "client/engine/turning_loop.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace loadgen {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// A link goes on only after the whole of a send (MSG_WAITALL), and then the error that cut one short is lost:
// so what may not fit into the socket's buffer at once isn't linked.
constexpr std::size_t longest_linked = std::size_t{16} * 1024;

error_code error_of(int result) {
    return result < 0 ? error_code(-result, boost::system::system_category()) : error_code{};
}

class RingTransport final : public Transport, private Ring::Listener {
  public:
    RingTransport(Ring& ring, const TurningLoop& loop, TransportUser& user)
        : ring_(ring), loop_(loop), user_(user) {}

    // The kernel may write where we read into until it has given up the operation.
    ~RingTransport() override {
        close();
        while (in_flight_ > 0)
            ring_.turn(std::chrono::seconds(1));
    }

    error_code open(const tcp& protocol, const boost::asio::ip::address* source, bool no_delay) override {
        then_write_ = {};
        then_read_ = {};
        return socket_.open(protocol, source, no_delay);
    }

    void connect(const tcp::endpoint& target) override { submit_connect(target, 0); }

    void write(std::string_view bytes) override {
        then_read_ = {};
        submit_send(bytes);
    }

    void read(std::span<char> space) override { submit_receive(space); }

    void exchange(std::string_view bytes, std::span<char> space) override {
        if (bytes.size() > longest_linked) {
            then_read_ = space;
            return submit_send(bytes);
        }
        ring_.reserve(2);
        submit_linked_send(bytes);
        submit_receive(space);
    }

    void connect_and_exchange(const tcp::endpoint& target, std::string_view bytes,
                              std::span<char> space) override {
        if (bytes.size() > longest_linked) {
            then_write_ = bytes;
            then_read_ = space;
            return connect(target);
        }
        ring_.reserve(3);
        submit_connect(target, IOSQE_IO_LINK);
        submit_linked_send(bytes);
        submit_receive(space);
    }

    bool close() override {
        if (!socket_.is_open())
            return true;
        if (in_flight_ == 0) {
            release();
            return true;
        }
        if (!closing_)
            ring_.submit([&](io_uring_sqe* entry) {
                io_uring_prep_cancel_fd(entry, socket_.descriptor(), IORING_ASYNC_CANCEL_ALL);
            });
        closing_ = true;
        return false;
    }

    bool is_open() const override { return socket_.is_open(); }
    tcp::endpoint local_endpoint(error_code& error) const override { return socket_.local_endpoint(error); }

  private:
    enum Tag : unsigned { connecting, sending, receiving };

    void submit_connect(const tcp::endpoint& target, unsigned flags) {
        ++in_flight_;
        ring_.submit(*this, connecting, flags, [&](io_uring_sqe* entry) {
            io_uring_prep_connect(entry, socket_.descriptor(), target.data(),
                                  static_cast<socklen_t>(target.size()));
        });
    }

    void submit_send(std::string_view bytes) {
        ++in_flight_;
        unsent_ = bytes;
        ring_.submit(*this, sending, 0, [&](io_uring_sqe* entry) {
            io_uring_prep_send(entry, socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        });
    }

    void submit_linked_send(std::string_view bytes) {
        ++in_flight_;
        unsent_ = bytes;
        ring_.submit(*this, sending, IOSQE_IO_LINK, [&](io_uring_sqe* entry) {
            io_uring_prep_send(entry, socket_.descriptor(), bytes.data(), bytes.size(),
                               MSG_NOSIGNAL | MSG_WAITALL);
        });
    }

    void submit_receive(std::span<char> space) {
        ++in_flight_;
        ring_.submit(*this, receiving, 0, [&](io_uring_sqe* entry) {
            io_uring_prep_recv(entry, socket_.descriptor(), space.data(), space.size(), 0);
        });
    }

    void on_completion(unsigned tag, int result) override {
        --in_flight_;
        if (loop_.is_stopped())
            return;
        if (closing_) {
            if (in_flight_ == 0) {
                release();
                user_.on_closed();
            }
            return;
        }
        if (result == -ECANCELED) // what was linked to a failure, of which the user has heard
            return;
        switch (tag) {
        case connecting:
            return on_connected(result);
        case sending:
            return on_sent(result);
        default:
            return user_.on_read(result == 0 ? boost::asio::error::eof : error_of(result),
                                 static_cast<std::size_t>(std::max(result, 0)));
        }
    }

    void on_connected(int result) {
        user_.on_connect(error_of(result));
        if (result == 0 && !then_write_.empty())
            submit_send(std::exchange(then_write_, {}));
    }

    void on_sent(int result) {
        if (result < 0)
            return user_.on_write(error_of(result));
        unsent_.remove_prefix(static_cast<std::size_t>(result));
        if (!unsent_.empty())
            return submit_send(unsent_);
        user_.on_write({});
        if (!then_read_.empty())
            submit_receive(std::exchange(then_read_, {}));
    }

    void release() {
        closing_ = false;
        if (loop_.is_stopped()) // there may be no turn any more
            return socket_.close();
        const int descriptor = socket_.release();
        ring_.submit([&](io_uring_sqe* entry) { io_uring_prep_close(entry, descriptor); });
    }

    Ring& ring_;
    const TurningLoop& loop_;
    TransportUser& user_;
    Socket socket_;
    std::string_view unsent_;
    std::string_view then_write_; // when connected
    std::span<char> then_read_;   // when all is sent
    unsigned in_flight_ = 0;
    bool closing_ = false;
};

class RingLoop final : public TurningLoop {
  public:
    std::unique_ptr<Transport> make_transport(TransportUser& user) override {
        return std::make_unique<RingTransport>(ring_, *this, user);
    }

  private:
    void turn(Clock::time_point until) override { ring_.turn(left(until)); }

    Ring ring_;
};

} // namespace

std::unique_ptr<EventLoop> make_ring_loop() {
    return std::make_unique<RingLoop>();
}

} // namespace loadgen
