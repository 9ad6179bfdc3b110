#include "client/attempt.hpp"

#include "client/classify.hpp"
#include "client/engine/stream_end.hpp"

namespace loadgen {

void Attempt::begin(bool reused) {
    reader_.restart();
    phase_ = reused ? Phase::idle : Phase::connect;
    reused_ = reused;
    asked_ = false;
    writing_ = false;
    sent_ = false;
    write_error_ = behind_end_ = {};
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
    if (!asked_ && bytes_read_ > 0)
        return unasked();
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

// Of a response to nothing a part may be yet to come on a kept connection; a new one is good for nothing.
Step Attempt::on_due() {
    if (bytes_read_ == 0)
        return {.move = Step::Move::write, .failure = {}};
    return reused_ ? Step{} : unasked();
}

Step Attempt::on_write(const error_code& error, bool reading) {
    asked_ = true;
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
    if (!asked_)
        return on_unasked(bytes);
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

// A server may say why it is about to close a silent connection (408; RFC 9110, 15.5.9), also where it does
// not close it after all. That is a response to nothing. At rest it is a close like any other.
Step Attempt::on_unasked(std::size_t bytes) {
    if (bytes_read_ == bytes)
        reader_.expect_body();
    if (const error_code error = reader_.advance(bytes))
        return unasked(error);
    if (reader_.has_surplus())
        return unasked();
    if (reader_.complete() && reused_)
        return {.move = Step::Move::reconnect, .failure = {}};
    return {.move = Step::Move::read, .failure = {}};
}

// It is not what a server may send before it is asked.
Step Attempt::unasked(const error_code& error) {
    if (reused_)
        phase_ = Phase::receive;
    return failed(Cause::malformed, error);
}

Step Attempt::on_end_of_stream(const error_code& end, Clock::time_point now) {
    if (!asked_) {
        if (!reused_)
            return failed(Cause::closed);
        if (bytes_read_ > 0 && reader_.end_of_input(end)) // no whole response
            return unasked();
        return {.move = Step::Move::reconnect, .failure = {}};
    }
    if (writing_) { // of a reset the writer may have been told, and the reader only of an end
        ended_ = End{end, now};
        return {};
    }
    if (write_error_) // no proper close, and so the end of no answer
        return on_error(write_error_);
    if (phase_ == Phase::finish)
        return ended(false);
    if (const error_code error = reader_.end_of_input(end))
        return on_error(behind_end_ ? behind_end_ : error);
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
    if (!sent_) // the rest of the request is of no use to the server
        return ended(false);
    if (keep_alive_ && reader_.keeps_connection())
        return ended(true);
    if (!keep_alive_ && reader_.parser().says_keep_alive())
        return ended(false); // it will not close, so there is nothing to wait for
    return {.move = Step::Move::read, .failure = {}};
}

// Of two errors the first is the reason; but an alert of TLS's came before the reset that the write met with.
Step Attempt::on_error(const error_code& error) const {
    const error_code& reason = write_error_ && classify(error) != Cause::tls ? write_error_ : error;
    return failed(classify(reason), reason);
}

} // namespace loadgen
