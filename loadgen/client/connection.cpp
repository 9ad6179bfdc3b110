#include "client/connection.hpp"

#include "client/classify.hpp"
#include "client/source_address.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

namespace loadgen {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr std::chrono::milliseconds pause_after_local_fault{100};

} // namespace

Connection::Connection(Worker& worker, unsigned slot)
    : worker_(worker),
      slot_(slot),
      socket_(worker.context()),
      timer_(worker.context()),
      answer_(worker.target().head_only) {}

void Connection::begin_attempt() {
    begun_ = Clock::now();
    const auto granted = worker_.grant_attempt(begun_);
    if (!granted) {
        error_code ignored;
        socket_.close(ignored);
        worker_.retire();
        return;
    }
    attempt_ = *granted;
    answered_.reset();
    sent_ = false;
    bytes_read_ = 0;
    answer_.restart();
    delay_ = worker_.plan().send_delay.is_zero() ? std::chrono::nanoseconds{0} : worker_.draw_delay();
    deadline_ = begun_ + worker_.plan().timeout + delay_;
    in_attempt_ = true;
    reused_ = socket_.is_open();
    if (!reused_) {
        connect();
    } else {
        phase_ = Phase::idle;
        pause();
    }
}

void Connection::connect() {
    phase_ = Phase::connect;
    opened_ = begun_;
    error_code error;
    socket_.open(worker_.target().endpoint.protocol(), error);
    if (!error)
        socket_.set_option(boost::asio::ip::tcp::no_delay(true), error);
    if (const auto* source = worker_.next_source_address(); source != nullptr && !error)
        bind_source_address(socket_, *source, error);
    if (error)
        return fail(error);
    ++pending_;
    socket_.async_connect(worker_.target().endpoint, [this](const error_code& ec) { on_connect(ec); });
}

void Connection::on_connect(const error_code& error) {
    if (in_attempt_) {
        if (error) {
            fail(error);
        } else {
            worker_.record_established(Clock::now() - opened_);
            phase_ = Phase::send;
            pause();
        }
    }
    handler_done();
}

void Connection::pause() {
    if (delay_ == std::chrono::nanoseconds{0})
        return write();
    // What the server does meanwhile is to be seen when it happens, not when the pause is over.
    read();
    timer_.expires_after(delay_);
    ++pending_;
    timer_.async_wait([this](const error_code&) { on_pause_over(); });
}

void Connection::on_pause_over() {
    const bool still_to_send = phase_ == Phase::send || phase_ == Phase::idle;
    if (in_attempt_ && still_to_send)
        write();
    handler_done();
}

void Connection::write() {
    phase_ = Phase::send;
    ++pending_;
    boost::asio::async_write(socket_, boost::asio::buffer(worker_.target().request),
                             [this](const error_code& ec, std::size_t) { on_write(ec); });
}

void Connection::on_write(const error_code& error) {
    if (in_attempt_) {
        if (error) {
            fail(error);
        } else {
            sent_ = true;
            worker_.record_request_sent();
            if (phase_ == Phase::send)
                phase_ = reused_ ? Phase::reuse : Phase::await;
            read();
        }
    }
    handler_done();
}

void Connection::read() {
    if (reading_)
        return;
    reading_ = true;
    ++pending_;
    const std::span<char> space = answer_.space();
    socket_.async_read_some(boost::asio::buffer(space.data(), space.size()),
                            [this](const error_code& ec, std::size_t bytes) { on_read(ec, bytes); });
}

void Connection::on_read(const error_code& error, std::size_t bytes) {
    reading_ = false;
    if (in_attempt_) {
        if (error == boost::asio::error::eof)
            on_end_of_stream();
        else if (error)
            fail(error);
        else
            on_bytes(bytes);
    }
    handler_done();
}

void Connection::on_bytes(std::size_t bytes) {
    bytes_read_ += bytes;
    worker_.record_bytes(bytes);
    if (phase_ != Phase::finish)
        phase_ = Phase::receive;
    if (const error_code error = answer_.advance(bytes))
        return fail(error);
    if (answer_.complete() && !answered_)
        return on_answer();
    if (answer_.has_surplus())
        return fail(Cause::malformed);
    read();
}

void Connection::on_answer() {
    answered_ = {.status = answer_.parser().status(), .latency = Clock::now() - begun_ - delay_};
    if (answer_.has_surplus()) {
        phase_ = Phase::finish;
        return fail(Cause::malformed);
    }
    const bool wants_to_keep = worker_.plan().keep_alive;
    if (!sent_) // answered unasked: the connection is of no further use
        return end_attempt(false);
    if (wants_to_keep && answer_.keeps_connection())
        return end_attempt(true);
    if (!wants_to_keep && answer_.parser().says_keep_alive())
        return end_attempt(false); // it will not close, so there is nothing to wait for
    phase_ = Phase::finish;
    read();
}

void Connection::on_end_of_stream() {
    if (phase_ == Phase::finish)
        return end_attempt(false);
    if (const error_code error = answer_.end_of_input())
        return fail(error);
    on_answer();
    if (in_attempt_) // nothing is left to wait for: the end of the stream was the end of the answer
        end_attempt(false);
}

void Connection::check_deadline(Clock::time_point now) {
    if (in_attempt_ && now >= deadline_)
        fail(Cause::timeout);
}

Event Connection::event_of(Cause cause, const error_code& error, Clock::time_point now) const {
    error_code no_address;
    const auto local = socket_.local_endpoint(no_address);
    return {.time = std::chrono::system_clock::now(),
            .worker = 0, // the worker's to fill in
            .connection = slot_,
            .attempt = attempt_,
            .local_address = no_address || local.port() == 0 ? std::string{} : local.address().to_string(),
            .local_port = no_address ? std::uint16_t{0} : local.port(),
            .outcome = {cause, phase_},
            .os_error = error.category() == boost::system::system_category() ? error.value() : 0,
            .os_error_name = error ? error_name(error) : std::string{},
            .bytes_read = bytes_read_,
            .age = duration_cast<microseconds>(now - opened_)};
}

void Connection::fail(const error_code& error) {
    fail(classify(error), error);
}

void Connection::fail(Cause cause, const error_code& error) {
    back_off_ = cause == Cause::local;
    end_attempt(false, event_of(cause, error, Clock::now()));
}

void Connection::end_attempt(bool keep_connection, std::optional<Event> failure) {
    in_attempt_ = false;
    worker_.record_attempt(Clock::now(), answered_, std::move(failure));
    timer_.cancel();
    if (!keep_connection) {
        error_code ignored;
        socket_.close(ignored);
    }
    if (back_off_) {
        timer_.expires_after(pause_after_local_fault);
        ++pending_;
        timer_.async_wait([this](const error_code&) {
            back_off_ = false;
            handler_done();
        });
    }
}

void Connection::handler_done() {
    if (--pending_ == 0 && !in_attempt_)
        begin_attempt();
}

} // namespace loadgen
