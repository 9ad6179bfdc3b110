#include "client/worker.hpp"

#include "client/connection.hpp"
#include "client/rotation.hpp"
#include "client/timers.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

// Fine enough for a deadline to be kept within a twentieth, coarse enough to cost nothing.
std::chrono::nanoseconds tick_length(std::chrono::nanoseconds timeout) {
    return std::clamp<std::chrono::nanoseconds>(timeout / 20, 1ms, 50ms);
}

} // namespace

/// What a worker has while it runs: its loop and connections, in the thread that made them.
class Worker::Duty final : private ConnectionOwner, private TimerUser {
  public:
    Duty(Worker& worker, Clock::time_point started)
        : worker_(worker),
          loop_(make_event_loop(worker.plan_.engine, worker.target_.tls.get())),
          timers_(*loop_),
          rotation_(worker.plan_, worker.target_, worker.share_.index),
          schedule_(worker.plan_, worker.share_, started, worker.stopping_) {}
    Duty(const Duty&) = delete;
    Duty& operator=(const Duty&) = delete;
    ~Duty() { loop_->stop(); } // before its transports go

    void run(Clock::time_point started) {
        const Surroundings surroundings{worker_.plan_, worker_.target_, *loop_, timers_,
                                        rotation_,     worker_.tally_,  *this};
        for (unsigned slot = 0; slot < worker_.share_.connections; ++slot)
            connections_.push_back(std::make_unique<Connection>(surroundings, slot));
        started_ = started;
        busy_ = connections_.size();
        begin_connections(Clock::now());
        next_tick_ = started;
        loop_->wake_at(started);
        loop_->run([this] { on_time(); });
        const auto abandoned =
            std::count_if(connections_.begin(), connections_.end(),
                          [](const auto& connection) { return connection->is_measuring(); });
        worker_.tally_.finish(schedule_, static_cast<std::uint64_t>(abandoned));
    }

  private:
    void on_free(Connection& connection) override;
    void on_time(std::uint64_t call) override;
    void begin_connections(Clock::time_point now);
    Clock::time_point beginning_of(std::size_t slot) const;
    void on_time();
    void let_arrive(Clock::time_point now);
    void start(Connection& connection, Clock::time_point now, Clock::time_point intended);
    void tick(Clock::time_point now);
    void stop_when_done(Clock::time_point now);

    Worker& worker_;
    std::unique_ptr<EventLoop> loop_;
    Timers timers_;
    Rotation rotation_;
    Schedule schedule_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<Connection*> free_;
    std::size_t begun_ = 0; // of the connections
    std::size_t busy_ = 0;
    Clock::time_point started_{};
    Clock::time_point next_tick_{};
};

// In turn with those of the other workers.
Worker::Clock::time_point Worker::Duty::beginning_of(std::size_t slot) const {
    const std::size_t number = slot * worker_.share_.count + worker_.share_.index;
    return started_ + worker_.plan_.ramp * static_cast<std::int64_t>(number) /
                          static_cast<std::int64_t>(worker_.plan_.connections);
}

// Those whose time has come; a timer is set for the next one's.
void Worker::Duty::begin_connections(Clock::time_point now) {
    const bool at_once = schedule_.is_open_loop() || worker_.plan_.ramp == 0ns || !schedule_.has_more(now);
    while (begun_ < connections_.size() && (at_once || beginning_of(begun_) <= now))
        on_free(*connections_[begun_++]);
    if (begun_ < connections_.size())
        timers_.call_at(beginning_of(begun_), *this);
}

void Worker::Duty::on_time(std::uint64_t) {
    begin_connections(Clock::now());
}

void Worker::Duty::on_time() {
    const auto now = Clock::now();
    timers_.make_calls(now);
    let_arrive(now);
    if (now >= next_tick_)
        tick(now);
    stop_when_done(now);
    loop_->wake_at(std::min({next_tick_, timers_.next(), schedule_.next()}));
}

void Worker::Duty::tick(Clock::time_point now) {
    next_tick_ = now + tick_length(worker_.plan_.timeout);
    std::uint64_t connected = 0; // by attempts under way
    for (const auto& connection : connections_) {
        connection->check_deadline(now);
        connected += connection->has_connected() ? 1 : 0;
    }
    worker_.tally_.publish(connected);
    if (!schedule_.has_more(now)) { // nobody has anything to wait for
        begin_connections(now);
        for (const auto& connection : connections_)
            connection->end_back_off();
    }
    if (worker_.abandoning_.load(std::memory_order_relaxed))
        loop_->stop();
}

void Worker::Duty::let_arrive(Clock::time_point now) {
    while (const auto intended = schedule_.take_due(now)) {
        if (free_.empty()) {
            schedule_.keep_waiting(*intended);
            continue;
        }
        Connection& connection = *free_.back();
        free_.pop_back();
        start(connection, now, *intended);
    }
}

void Worker::Duty::start(Connection& connection, Clock::time_point now, Clock::time_point intended) {
    ++busy_;
    connection.start(schedule_.begin(now, intended));
}

void Worker::Duty::on_free(Connection& connection) {
    --busy_;
    const auto now = Clock::now();
    if (const auto intended = schedule_.on_free(now))
        return start(connection, now, *intended);
    free_.push_back(&connection);
    if (schedule_.is_open_loop())
        connection.rest();
    stop_when_done(now);
}

void Worker::Duty::stop_when_done(Clock::time_point now) {
    if (busy_ == 0 && !schedule_.has_more(now))
        loop_->stop();
}

void Worker::run(Clock::time_point started, std::chrono::system_clock::time_point started_at) {
    tally_.begin(started + plan_.warm_up,
                 started_at + std::chrono::duration_cast<std::chrono::system_clock::duration>(plan_.warm_up));
    Duty(*this, started).run(started);
}

} // namespace loadgen
