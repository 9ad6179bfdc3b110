#include "client/connection.hpp"

#include "client/classify.hpp"

#include <boost/asio/error.hpp>

namespace loadgen {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr std::chrono::milliseconds pause_after_local_fault{100};
// A request in one segment is sent at once (RFC 1122, 4.2.3.4: Nagle's algorithm holds back only while
// something is unacknowledged), so the option would cost a system call for nothing.
constexpr std::size_t one_segment = 1200;

} // namespace

Connection::Connection(Worker& worker, unsigned slot)
    : worker_(worker),
      slot_(slot),
      answer_(worker.target().head_only),
      transport_(worker.loop().make_transport(*this)) {}

void Connection::start(const Start& start) {
    start_ = start;
    answered_.reset();
    sent_ = false;
    bytes_read_ = 0;
    answer_.restart();
    delay_ = worker_.draw_delay();
    deadline_ = start.begun + worker_.plan().timeout + delay_;
    request_ = &worker_.next_request();
    in_attempt_ = true;
    reused_ = transport_->is_open();
    if (!reused_)
        return open();
    phase_ = Phase::idle;
    if (early_)
        return on_read(early_->error, early_->bytes);
    if (delay_ > nanoseconds::zero())
        return pause();
    if (reading_)
        return write();
    phase_ = Phase::send;
    reading_ = true;
    transport_->exchange(request_->bytes, answer_.space());
}

void Connection::open() {
    phase_ = Phase::connect;
    opened_ = start_.begun;
    server_ = &worker_.next_server();
    source_ = worker_.next_source_address();
    const auto& endpoint = server_->endpoint;
    if (const error_code error =
            transport_->open(endpoint.protocol(), source_, request_->bytes.size() > one_segment))
        return fail(error);
    if (delay_ > nanoseconds::zero())
        return transport_->connect(endpoint);
    reading_ = true;
    transport_->connect_and_exchange(endpoint, request_->bytes, answer_.space());
}

void Connection::on_connect(const error_code& error) {
    if (error)
        return fail(error);
    if (start_.measured)
        worker_.record_established(Clock::now() - opened_);
    phase_ = Phase::send;
    if (delay_ > nanoseconds::zero())
        pause();
}

void Connection::pause() {
    // What the server does meanwhile is to be seen when it happens, not when the pause is over.
    read();
    call_ = worker_.call_at(Clock::now() + delay_, *this);
}

void Connection::on_time(std::uint64_t call) {
    if (call != call_)
        return;
    if (backs_off_) {
        backs_off_ = false;
        return worker_.on_free(*this);
    }
    const bool still_to_send = phase_ == Phase::send || phase_ == Phase::idle;
    if (in_attempt_ && still_to_send)
        write();
}

void Connection::write() {
    phase_ = Phase::send;
    transport_->write(request_->bytes);
}

void Connection::on_write(const error_code& error) {
    if (error)
        return fail(error);
    sent_ = true;
    if (start_.measured)
        worker_.record_request_sent();
    if (phase_ == Phase::send)
        phase_ = reused_ ? Phase::reuse : Phase::await;
}

void Connection::read() {
    if (reading_)
        return;
    reading_ = true;
    transport_->read(answer_.space());
}

void Connection::on_read(const error_code& error, std::size_t bytes) {
    reading_ = false;
    if (!in_attempt_)
        on_rest_disturbed(error, bytes);
    else if (error == boost::asio::error::eof)
        on_end_of_stream();
    else if (error)
        fail(error);
    else
        on_bytes(bytes);
}

void Connection::rest() {
    if (!transport_->is_open())
        return;
    answer_.restart();
    read();
}

void Connection::on_rest_disturbed(const error_code& error, std::size_t bytes) {
    if (error == boost::asio::error::eof)
        transport_->close(); // at once: nothing is under way
    else
        early_ = {.error = error,
                  .bytes = bytes,
                  .noticed = Clock::now(),
                  .time = std::chrono::system_clock::now()};
}

void Connection::on_bytes(std::size_t bytes) {
    if (bytes_read_ == 0)
        first_byte_ = Clock::now() - start_.intended - delay_;
    bytes_read_ += bytes;
    if (start_.measured)
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
    answered_ = {.status = answer_.parser().status(),
                 .first_byte = first_byte_,
                 .latency = Clock::now() - start_.intended - delay_};
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
    auto local = transport_->local_endpoint(no_address);
    // Linux takes the address away when a connect() fails, and leaves the port.
    if (!no_address && local.address().is_unspecified())
        local.address(source_ != nullptr ? *source_ : server_->local_address);
    return {.time = early_ ? early_->time : std::chrono::system_clock::now(),
            .worker = 0, // the worker's to fill in
            .connection = slot_,
            .attempt = start_.attempt,
            .local_address = no_address || local.port() == 0 ? std::string{} : local.address().to_string(),
            .local_port = no_address ? std::uint16_t{0} : local.port(),
            .remote_address = server_->endpoint.address().to_string(),
            .target = request_->target,
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
    backs_off_ = cause == Cause::local;
    end_attempt(false, event_of(cause, error, early_ ? early_->noticed : Clock::now()));
}

void Connection::end_attempt(bool keep_connection, std::optional<Event> failure) {
    in_attempt_ = false;
    early_.reset();
    call_ = 0;
    if (start_.measured)
        worker_.record_attempt(Clock::now(), answered_, std::move(failure));
    if (keep_connection || transport_->close())
        on_closed();
}

void Connection::on_closed() {
    reading_ = false;
    if (backs_off_)
        call_ = worker_.call_at(Clock::now() + pause_after_local_fault, *this);
    else
        worker_.on_free(*this);
}

} // namespace loadgen
