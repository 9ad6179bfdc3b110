#include "client/attempt.hpp"

#include "client/classify.hpp"
#include "client/engine/stream_end.hpp"

namespace loadgen {

void Attempt::begin(bool reused) {
    reader_.restart();
    phase_ = reused ? Phase::idle : Phase::connect;
    reused_ = reused;
    writing_ = false;
    sent_ = false;
    write_error_ = {};
    ended_.reset();
    bytes_read_ = 0;
    answer_.reset();
}

void Attempt::reconnect() {
    begin(false);
}

Step Attempt::on_deadline() {
    writing_ = false;
    if (ended_)
        return on_end_of_stream(ended_->error, ended_->time);
    const bool unwanted =
        answer_ && !sent_; // the server has answered, and doesn't read the rest of the request
    return unwanted ? ended(false) : failed(Cause::timeout);
}

Step Attempt::on_no_socket(const error_code& error) {
    return failed(classify(error), error);
}

Step Attempt::on_connect(const error_code& error) {
    if (error)
        return on_error(error);
    phase_ = Phase::send;
    return {};
}

Step Attempt::on_write(const error_code& error, bool reading) {
    writing_ = false;
    // What came before the reset is still there to be read, the answer perhaps (RFC 9112, 9.5: a server may
    // answer and close before it has read the whole request).
    if (error && reading && is_reset(classify(error))) {
        write_error_ = error;
        return {};
    }
    if (error)
        return on_error(error);
    sent_ = true;
    if (phase_ == Phase::send)
        phase_ = reused_ ? Phase::reuse : Phase::await;
    if (ended_)
        return on_end_of_stream(ended_->error, ended_->time);
    return answer_ ? after_answer() : Step{};
}

Step Attempt::on_read(const error_code& error, std::size_t bytes, Clock::time_point now) {
    if (!error)
        return on_bytes(bytes, now);
    return is_end_of_stream(error) ? on_end_of_stream(error, now) : on_error(error);
}

Step Attempt::on_bytes(std::size_t bytes, Clock::time_point now) {
    if (bytes_read_ == 0)
        first_byte_ = now;
    bytes_read_ += bytes;
    if (phase_ != Phase::finish)
        phase_ = Phase::receive;
    if (const error_code error = reader_.advance(bytes))
        return failed(classify(error), error);
    if (reader_.complete() && !answer_)
        return on_answer(now, false);
    if (reader_.has_surplus())
        return failed(Cause::malformed);
    return {.move = Step::Move::read, .failure = {}};
}

Step Attempt::on_end_of_stream(const error_code& end, Clock::time_point now) {
    if (phase_ == Phase::idle)
        return {.move = Step::Move::reconnect, .failure = {}};
    if (writing_) { // of a reset the writer may have been told, and the reader only of an end
        ended_ = End{end, now};
        return {};
    }
    if (write_error_) // no proper close, and so the end of no answer
        return on_error(write_error_);
    if (phase_ == Phase::finish)
        return ended(false);
    if (const error_code error = reader_.end_of_input(end))
        return on_error(error);
    return on_answer(now, true);
}

Step Attempt::on_answer(Clock::time_point now, bool stream_ended) {
    phase_ = Phase::finish;
    answer_ = {.status = reader_.parser().status(), .first_byte = first_byte_, .complete = now};
    if (reader_.has_surplus())
        return failed(Cause::malformed);
    if (write_error_)
        return on_error(write_error_);
    if (stream_ended)
        return ended(false);
    return writing_ ? Step{} : after_answer(); // the write may have ended and only not been told yet
}

Step Attempt::after_answer() const {
    if (!sent_) // answered unasked: the connection is of no further use
        return ended(false);
    if (keep_alive_ && reader_.keeps_connection())
        return ended(true);
    if (!keep_alive_ && reader_.parser().says_keep_alive())
        return ended(false); // it will not close, so there is nothing to wait for
    return {.move = Step::Move::read, .failure = {}};
}

// Of two errors the first is the reason.
Step Attempt::on_error(const error_code& error) const {
    const error_code& reason = write_error_ ? write_error_ : error;
    return failed(classify(reason), reason);
}

} // namespace loadgen
