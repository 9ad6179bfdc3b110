#include "client/engine/asio_engine.hpp"

#include "client/source_address.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace loadgen {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

class AsioTransport final : public Transport {
  public:
    AsioTransport(boost::asio::io_context& context, TransportUser& user) : socket_(context), user_(user) {}

    error_code open(const tcp& protocol, const boost::asio::ip::address* source, bool no_delay) override {
        error_code error;
        socket_.open(protocol, error);
        if (no_delay && !error)
            socket_.set_option(tcp::no_delay(true), error);
        if (source != nullptr && !error)
            error = bind_source_address(socket_.native_handle(), *source);
        return error;
    }

    void connect(const tcp::endpoint& target) override {
        ++pending_;
        socket_.async_connect(target, [this](const error_code& error) {
            if (!is_over())
                user_.on_connect(error);
        });
    }

    void write(std::string_view bytes) override {
        ++pending_;
        boost::asio::async_write(socket_, boost::asio::buffer(bytes),
                                 [this](const error_code& error, std::size_t) {
                                     if (!is_over())
                                         user_.on_write(error);
                                 });
    }

    void read(std::span<char> space) override {
        ++pending_;
        socket_.async_read_some(boost::asio::buffer(space.data(), space.size()),
                                [this](const error_code& error, std::size_t bytes) {
                                    if (!is_over())
                                        user_.on_read(error, bytes);
                                });
    }

    void exchange(std::string_view bytes, std::span<char> space) override {
        ++pending_;
        boost::asio::async_write(socket_, boost::asio::buffer(bytes),
                                 [this, space](const error_code& error, std::size_t) {
                                     if (is_over())
                                         return;
                                     user_.on_write(error);
                                     if (!error)
                                         read(space);
                                 });
    }

    void connect_and_exchange(const tcp::endpoint& target, std::string_view bytes,
                              std::span<char> space) override {
        ++pending_;
        socket_.async_connect(target, [this, bytes, space](const error_code& error) {
            if (is_over())
                return;
            user_.on_connect(error);
            if (!error)
                exchange(bytes, space);
        });
    }

    bool close() override {
        error_code ignored;
        socket_.close(ignored);
        closing_ = pending_ > 0;
        return !closing_;
    }

    bool is_open() const override { return socket_.is_open(); }
    tcp::endpoint local_endpoint(error_code& error) const override { return socket_.local_endpoint(error); }

  private:
    // The first thing in every handler: true when its result is of no interest any more.
    bool is_over() {
        --pending_;
        if (!closing_)
            return false;
        if (pending_ == 0) {
            closing_ = false;
            user_.on_closed();
        }
        return true;
    }

    tcp::socket socket_;
    TransportUser& user_;
    unsigned pending_ = 0; // handlers that have yet to run
    bool closing_ = false;
};

class AsioLoop final : public EventLoop {
  public:
    std::unique_ptr<Transport> make_transport(TransportUser& user) override {
        return std::make_unique<AsioTransport>(context_, user);
    }

    void run(const std::function<void()>& on_time) override {
        on_time_ = on_time;
        const auto work = boost::asio::make_work_guard(context_);
        context_.run();
    }

    void wake_at(Clock::time_point time) override {
        if (time >= next_)
            return;
        next_ = time;
        timer_.expires_at(time);
        timer_.async_wait([this](const error_code& error) {
            if (error) // set to an earlier time
                return;
            next_ = Clock::time_point::max();
            on_time_();
        });
    }

    void stop() override { context_.stop(); }

  private:
    boost::asio::io_context context_{1};
    boost::asio::steady_timer timer_{context_};
    Clock::time_point next_ = Clock::time_point::max();
    std::function<void()> on_time_;
};

} // namespace

std::unique_ptr<EventLoop> make_asio_loop() {
    return std::make_unique<AsioLoop>();
}

} // namespace loadgen
