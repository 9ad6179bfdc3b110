// One connection slot: it runs attempts one after the other, each through its phases to exactly one end.
#pragma once

#include "client/answer.hpp"
#include "client/target.hpp"
#include "client/worker.hpp"
#include "measure/outcome.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>

namespace loadgen {

class Connection {
  public:
    using Clock = std::chrono::steady_clock;

    /// The worker must outlive it.
    Connection(Worker& worker, unsigned slot);

    /// Runs attempts until the worker grants no more.
    void start() { begin_attempt(); }

    /// Ends the attempt as a timeout if its deadline has passed.
    void check_deadline(Clock::time_point now);

  private:
    using error_code = boost::system::error_code;

    void begin_attempt();
    void connect();
    void on_connect(const error_code& error);
    void pause();
    void on_pause_over();
    void write();
    void on_write(const error_code& error);
    void read();
    void on_read(const error_code& error, std::size_t bytes);
    void on_bytes(std::size_t bytes);
    void on_answer();
    void on_end_of_stream();

    void fail(const error_code& error);
    void fail(Cause cause, const error_code& error = {});
    void end_attempt(bool keep_connection, std::optional<Event> failure = {});
    void handler_done();
    Event event_of(Cause cause, const error_code& error, Clock::time_point now) const;

    Worker& worker_;
    unsigned slot_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    AnswerReader answer_;

    Phase phase_ = Phase::connect;
    bool in_attempt_ = false;
    bool reused_ = false;  // the request goes out on a connection that has carried one before
    unsigned pending_ = 0; // handlers that have yet to run; the next attempt waits for them
    bool reading_ = false;
    bool sent_ = false;     // the request is wholly written
    bool back_off_ = false; // after a local fault, so that a lack of ports or descriptors doesn't spin

    std::uint64_t attempt_ = 0;
    std::optional<Answered> answered_;
    std::uint64_t bytes_read_ = 0; // of this attempt
    Clock::time_point opened_{};   // when the connection was begun
    Clock::time_point begun_{};    // when the attempt was
    Clock::time_point deadline_{};
    std::chrono::nanoseconds delay_{0};
};

} // namespace loadgen
