// One connection slot: it runs attempts one after the other, each through its phases to exactly one end.
#pragma once

#include "client/answer.hpp"
#include "client/engine/engine.hpp"
#include "client/target.hpp"
#include "client/worker.hpp"
#include "measure/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace loadgen {

class Connection final : private TransportUser {
  public:
    using Clock = std::chrono::steady_clock;

    /// The worker must outlive it.
    Connection(Worker& worker, unsigned slot);

    /// Begins an attempt. When it is over and another can follow, the connection tells the worker that it is
    /// free.
    void start(const Start& start);

    /// No attempt follows at once. What the server does meanwhile to a kept connection is seen all the same:
    /// its close is no failure, and the next attempt makes a new connection; anything else is for the next
    /// attempt to account.
    void rest();

    /// The time of Worker::call_at has come.
    void on_time(std::uint64_t call);
    /// Ends the attempt as a timeout if its deadline has passed.
    void check_deadline(Clock::time_point now);

  private:
    using error_code = boost::system::error_code;

    void on_connect(const error_code& error) override;
    void on_write(const error_code& error) override;
    void on_read(const error_code& error, std::size_t bytes) override;
    void on_closed() override;

    void open();
    void pause();
    void write();
    void read();
    void on_bytes(std::size_t bytes);
    void on_answer();
    void on_rest_disturbed(const error_code& error, std::size_t bytes);
    void on_end_of_stream();

    void fail(const error_code& error);
    void fail(Cause cause, const error_code& error = {});
    void end_attempt(bool keep_connection, std::optional<Event> failure = {});
    Event event_of(Cause cause, const error_code& error, Clock::time_point now) const;

    Worker& worker_;
    unsigned slot_;
    AnswerReader answer_;

    Phase phase_ = Phase::connect;
    bool in_attempt_ = false;
    bool reused_ = false; // the request goes out on a connection that has carried one before
    bool reading_ = false;
    bool sent_ = false;      // the request is wholly written
    bool backs_off_ = false; // after a local fault, so that a lack of ports or descriptors doesn't spin

    Start start_{};
    const Request* request_ = nullptr;                 // of the attempt
    const Server* server_ = nullptr;                   // of the connection
    const boost::asio::ip::address* source_ = nullptr; // of the connection; nullptr: the system's choice
    std::optional<Answered> answered_;
    /// What came while the connection was at rest.
    struct Early {
        error_code error;
        std::size_t bytes;
        Clock::time_point noticed;
        std::chrono::system_clock::time_point time;
    };
    std::optional<Early> early_;
    std::uint64_t bytes_read_ = 0; // of this attempt
    std::chrono::nanoseconds first_byte_{0};
    std::uint64_t call_ = 0;     // the last Worker::call_at; earlier ones are void
    Clock::time_point opened_{}; // when the connection was begun
    Clock::time_point deadline_{};
    std::chrono::nanoseconds delay_{0};

    std::unique_ptr<Transport> transport_; // last: while it goes, it may still read into answer_
};

} // namespace loadgen
