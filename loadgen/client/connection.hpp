// One connection slot: it runs attempts one after the other, each to exactly one end. What an attempt makes
// of what happens Attempt decides; here it is done, and done last.
#pragma once

#include "client/attempt.hpp"
#include "client/back_off.hpp"
#include "client/engine/engine.hpp"
#include "client/rotation.hpp"
#include "client/start.hpp"
#include "client/tally.hpp"
#include "client/target.hpp"
#include "client/timers.hpp"
#include "measure/attempt_end.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace loadgen {

class Connection;

/// Who gives connections their attempts.
class ConnectionOwner {
  public:
    /// The connection's attempt is over, and it can begin another.
    virtual void on_free(Connection& connection) = 0;

  protected:
    ~ConnectionOwner() = default;
};

/// What the connections of a worker share.
struct Surroundings {
    const LoadPlan& plan;
    const Target& target;
    EventLoop& loop;
    Timers& timers;
    Rotation& rotation;
    Tally& tally;
    ConnectionOwner& owner;
};

class Connection final : private TransportUser, private TimerUser {
  public:
    using Clock = std::chrono::steady_clock;

    /// What surrounds it must outlive it.
    Connection(const Surroundings& surroundings, unsigned slot);

    /// Begins an attempt. When it is over and another can follow, the connection tells its owner that it is
    /// free.
    void start(const Start& start);

    /// No attempt follows at once. What the server does meanwhile to a kept connection is seen all the same:
    /// its close is no failure, and the next attempt makes a new connection; anything else is for the next
    /// attempt to account.
    void rest();

    /// Ends the attempt as a timeout if its deadline has passed.
    void check_deadline(Clock::time_point now);

    /// No attempt will follow: a pause before the next one is over.
    void end_back_off();

    /// An attempt is under way that counts.
    bool is_measuring() const { return in_attempt_ && start_.measured; }
    /// It has made a connection.
    bool has_connected() const { return is_measuring() && end_.connect_time; }

  private:
    using error_code = boost::system::error_code;

    void on_connect(const error_code& error) override;
    void on_write(const error_code& error) override;
    void on_read(const error_code& error, std::size_t bytes) override;
    void on_closed() override;
    void on_time(std::uint64_t call) override;

    void open();
    void reconnect(Clock::time_point now);
    void pause(Clock::time_point now);
    void send(Clock::time_point now);
    void write();
    void read();
    void on_rest_disturbed(const error_code& error, std::size_t bytes);

    // An attempt that has ended may have begun the next one on this very stack: nothing may follow a call of
    // these.
    void proceed(const Step& step, Clock::time_point now);
    void end_attempt(const Step& step, Clock::time_point now);

    std::optional<Answered> answered() const;
    Event event_of(const Step::Failure& failure, Clock::time_point now) const;

    Surroundings with_;
    unsigned slot_;
    Attempt attempt_;

    bool in_attempt_ = false;
    bool reading_ = false;
    bool exchanging_ = false; // a read begins by itself when the request is written
    bool closing_ = false;    // to go on over a new connection
    bool closed_at_rest_ = false;
    bool backs_off_ = false; // pauses between two attempts

    Start start_{};
    AttemptEnd end_;                                   // as far as it is known
    const Request* request_ = nullptr;                 // of the attempt
    const Server* server_ = nullptr;                   // of the connection
    const boost::asio::ip::address* source_ = nullptr; // of the connection; nullptr: the system's choice
    /// What came while the connection was at rest, until the attempt has made something of it.
    struct Early {
        error_code error;
        std::size_t bytes;
        Clock::time_point noticed;
        std::chrono::system_clock::time_point time;
    };
    std::optional<Early> early_;
    BackOff back_off_;
    std::chrono::nanoseconds pause_{0}; // before the next attempt
    std::uint64_t call_ = 0;            // the last of the timers; earlier ones are void
    Clock::time_point opened_{};        // when the connection was begun
    Clock::time_point deadline_{};
    std::chrono::nanoseconds delay_{0};  // between established and first byte
    std::chrono::nanoseconds waited_{0}; // all of our own waiting: the delay, and before it on a closed one

    std::unique_ptr<Transport> transport_; // last: while it goes, it may still read into attempt_
};

} // namespace loadgen
