// What client/engine/engine.hpp promises of a transport, and asks of its user, as a small model.
#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace loadgen {

/// Told of what is done to a transport, it knows what may be done next, and what may be heard.
class ContractModel {
  public:
    bool is_closed() const { return state_ == State::closed; }
    bool is_closing() const { return state_ == State::closing; }
    bool is_open() const { return state_ == State::open; }
    bool is_idle() const { return !connecting_ && !writing_ && !reading_; }
    bool is_connecting() const { return connecting_; }
    bool is_writing() const { return writing_; }
    bool is_reading() const { return reading_; }
    bool may_connect() const { return is_open() && !used_; }
    bool may_write() const { return connected_ && !failed_ && !writing_; }
    bool may_read() const { return connected_ && !failed_ && !ended_ && !reading_ && !then_read_; }
    bool may_exchange() const { return may_write() && may_read(); }

    void opened(bool well) {
        state_ = State::open;
        used_ = !well;
    }
    void connect() { used_ = connecting_ = true; }
    void write() { writing_ = true; }
    void read() { reading_ = true; }
    void exchange() { writing_ = then_read_ = true; }
    void connect_and_exchange() { used_ = connecting_ = then_write_ = then_read_ = true; }

    // What is wrong with that, or nothing.

    std::string closed(bool at_once) {
        const bool was_idle = is_idle();
        const bool was_closing = is_closing();
        const bool was_closed = is_closed();
        *this = {};
        state_ = at_once ? State::closed : State::closing;
        if (was_closing)
            return at_once ? "close() of what is being closed was true" : "";
        if (!at_once && was_closed)
            return "close() of what is closed was false";
        return !at_once && was_idle ? "close() was false with nothing under way" : "";
    }
    std::string heard_closed() {
        if (!is_closing())
            return "on_closed() without a close() that was false";
        state_ = State::closed;
        return {};
    }
    std::string heard_connect(const boost::system::error_code& error) {
        if (!connecting_)
            return "on_connect() without connect()";
        connecting_ = false;
        connected_ = !error;
        writing_ = then_write_ && !error;
        then_read_ = then_read_ && !error;
        failed_ = error.failed();
        then_write_ = false;
        return {};
    }
    std::string heard_write(const boost::system::error_code& error) {
        if (!writing_)
            return "on_write() without write()";
        writing_ = false;
        reading_ = reading_ || (then_read_ && !error);
        then_read_ = false;
        failed_ = failed_ || error.failed();
        return {};
    }
    std::string heard_read(const boost::system::error_code& error, bool is_end, std::size_t bytes,
                           std::size_t space) {
        if (!reading_)
            return "on_read() without read()";
        reading_ = false;
        ended_ = is_end;
        failed_ = failed_ || (error && !is_end);
        if (bytes > space)
            return "on_read() of more than there was space for";
        return error.failed() == (bytes == 0) ? "" : "on_read() of an error with bytes, or of neither";
    }

  private:
    enum class State { closed, open, closing };

    State state_ = State::closed;
    bool used_ = false; // connected already, or not fit to be
    bool connecting_ = false;
    bool writing_ = false;
    bool reading_ = false;
    bool then_write_ = false;
    bool then_read_ = false;
    bool connected_ = false;
    bool failed_ = false;
    bool ended_ = false; // the peer's
};

} // namespace loadgen
