#include "client/connection.hpp"

#include "client/classify.hpp"
#include "client/engine/stream_end.hpp"

#include <utility>

namespace loadgen {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr std::chrono::milliseconds look_again{1};
// A request in one segment is sent at once (RFC 1122, 4.2.3.4: Nagle's algorithm holds back only while
// something is unacknowledged), so the option would cost a system call for nothing.
constexpr std::size_t one_segment = 1200;

} // namespace

Connection::Connection(const Surroundings& surroundings, unsigned slot)
    : with_(surroundings),
      slot_(slot),
      attempt_(with_.plan.keep_alive, with_.target.head_only),
      transport_(with_.loop.make_transport(*this)) {}

void Connection::start(const Start& start) {
    start_ = start;
    end_ = {};
    end_.found_closed = std::exchange(closed_at_rest_, false);
    delay_ = waited_ = with_.rotation.next_delay();
    deadline_ = start.begun + with_.plan.timeout + waited_;
    request_ = &with_.rotation.next_request();
    in_attempt_ = true;
    attempt_.begin(transport_->is_open());
    if (!transport_->is_open())
        return open();
    if (early_)
        return proceed(attempt_.on_read(early_->error, early_->bytes, start.begun), start.begun);
    if (delay_ > nanoseconds::zero())
        return pause(start.begun);
    send(start.begun);
}

void Connection::open() {
    opened_ = Clock::now();
    server_ = &with_.rotation.next_server();
    source_ = with_.rotation.next_source_address();
    const auto& endpoint = server_->endpoint;
    if (const error_code error =
            transport_->open(endpoint.protocol(), source_, request_->bytes.size() > one_segment))
        return proceed(Attempt::on_no_socket(error), opened_);
    if (delay_ > nanoseconds::zero() || request_->bytes.size() > longest_exchange)
        return transport_->connect(endpoint);
    exchanging_ = true;
    transport_->connect_and_exchange(endpoint, request_->bytes, attempt_.space());
}

void Connection::reconnect(Clock::time_point now) {
    end_.found_closed = true;
    early_.reset();
    call_ = 0;
    waited_ = now - start_.begun + delay_;
    deadline_ = now + with_.plan.timeout + delay_;
    attempt_.reconnect();
    closing_ = !transport_->close();
    if (!closing_)
        open();
}

void Connection::on_connect(const error_code& error) {
    const auto now = Clock::now();
    const Step step = attempt_.on_connect(error);
    if (error)
        return proceed(step, now);
    end_.connect_time = now - opened_;
    if (exchanging_)
        return;
    if (delay_ > nanoseconds::zero())
        return pause(now);
    write();
}

void Connection::pause(Clock::time_point now) {
    // What the server does meanwhile is to be seen when it happens, not when the pause is over.
    read();
    call_ = with_.timers.call_at(now + delay_, *this);
}

void Connection::on_time(std::uint64_t call) {
    if (call != call_)
        return;
    if (backs_off_)
        return end_back_off();
    if (in_attempt_ && attempt_.still_to_send())
        send(Clock::now());
}

// What the server has done to the connection since its last response the kernel may know and we not yet:
// a request that is written now would be lost, by our own fault. So the loop has its turn first, and tells.
// With a read under way there was a pause; without, the question would cost more than it brings.
void Connection::send(Clock::time_point now) {
    if (reading_ ? transport_->has_unread() : transport_->knows_unread()) {
        read();
        call_ = with_.timers.call_at(now + look_again, *this);
        return;
    }
    proceed(attempt_.on_due(), now);
}

void Connection::write() {
    attempt_.on_writing();
    if (!reading_ && request_->bytes.size() <= longest_exchange) {
        exchanging_ = true;
        return transport_->exchange(request_->bytes, attempt_.space());
    }
    // The server may answer a long request, or turn on it, before it has read it all.
    read();
    transport_->write(request_->bytes);
}

void Connection::on_write(const error_code& error) {
    if (std::exchange(exchanging_, false)) {
        reading_ = !error;
        if (error && is_reset(classify(error))) // what came before it is still there to be read
            read();
    }
    const Step step = attempt_.on_write(error, reading_);
    if (step.move != Step::Move::wait)
        return proceed(step, Clock::now());
}

void Connection::read() {
    if (reading_)
        return;
    reading_ = true;
    transport_->read(attempt_.space());
}

void Connection::on_read(const error_code& error, std::size_t bytes) {
    reading_ = false;
    if (!in_attempt_)
        return on_rest_disturbed(error, bytes);
    early_.reset();
    const auto now = Clock::now();
    if (error == boost::asio::error::eof && attempt_.awaits_response())
        attempt_.on_error_behind_end(transport_->error_behind_end());
    proceed(attempt_.on_read(error, bytes, now), now);
}

void Connection::rest() {
    if (!transport_->is_open())
        return;
    attempt_.rest();
    read();
}

void Connection::on_rest_disturbed(const error_code& error, std::size_t bytes) {
    closed_at_rest_ = is_end_of_stream(error);
    if (closed_at_rest_)
        transport_->close(); // at once: nothing is under way
    else
        early_ = {.error = error,
                  .bytes = bytes,
                  .noticed = Clock::now(),
                  .time = std::chrono::system_clock::now()};
}

void Connection::check_deadline(Clock::time_point now) {
    if (in_attempt_ && !closing_ && now >= deadline_)
        proceed(attempt_.on_deadline(), now);
}

void Connection::end_back_off() {
    if (!backs_off_)
        return;
    backs_off_ = false;
    call_ = 0;
    with_.owner.on_free(*this);
}

void Connection::proceed(const Step& step, Clock::time_point now) {
    switch (step.move) {
    case Step::Move::wait:
        return;
    case Step::Move::read:
        return read();
    case Step::Move::write:
        return write();
    case Step::Move::reconnect:
        return reconnect(now);
    case Step::Move::end:
        return end_attempt(step, now);
    }
}

void Connection::end_attempt(const Step& step, Clock::time_point now) {
    end_.request_sent = attempt_.is_sent();
    end_.bytes_read = attempt_.bytes_read();
    end_.answered = answered();
    if (step.failure)
        end_.failure = event_of(*step.failure, now);
    if (end_.connect_time)
        back_off_.reset();
    // In the open loop attempts have times of their own: there is no flood, and a slot that rests would make
    // them late.
    pause_ =
        step.failure && !with_.plan.rate ? back_off_.after(step.failure->cause, delay_) : nanoseconds::zero();
    in_attempt_ = false;
    early_.reset();
    call_ = 0;
    with_.tally.on_end(start_, std::move(end_));
    if (step.keep || transport_->close())
        on_closed();
}

void Connection::on_closed() {
    reading_ = exchanging_ = false;
    if (closing_) {
        closing_ = false;
        open();
    } else if (pause_ > nanoseconds::zero()) {
        backs_off_ = true;
        call_ = with_.timers.call_at(Clock::now() + pause_, *this);
    } else {
        with_.owner.on_free(*this);
    }
}

std::optional<Answered> Connection::answered() const {
    const auto& answer = attempt_.answer();
    if (!answer)
        return std::nullopt;
    const auto from = start_.intended + waited_;
    return Answered{.status = answer->status,
                    .first_byte = answer->first_byte - from,
                    .latency = answer->complete - from};
}

Event Connection::event_of(const Step::Failure& failure, Clock::time_point now) const {
    const error_code& error = failure.error;
    error_code no_address;
    auto local = transport_->local_endpoint(no_address);
    // Linux takes the address away when a connect() fails, and leaves the port.
    if (!no_address && local.address().is_unspecified())
        local.address(source_ != nullptr ? *source_ : server_->local_address);
    return {.time = early_ ? early_->time : std::chrono::system_clock::now(),
            .worker = 0, // the tally's to fill in
            .connection = slot_,
            .attempt = start_.attempt,
            .local_address = no_address || local.port() == 0 ? std::string{} : local.address().to_string(),
            .local_port = no_address ? std::uint16_t{0} : local.port(),
            .remote_address = server_->endpoint.address().to_string(),
            .target = request_->target,
            .outcome = {failure.cause, attempt_.phase()},
            .os_error = error.category() == boost::system::system_category() ? error.value() : 0,
            .os_error_name = error ? error_name(error) : std::string{},
            .bytes_read = attempt_.bytes_read(),
            .age = duration_cast<microseconds>((early_ ? early_->noticed : now) - opened_)};
}

} // namespace loadgen
