#include "client/worker.hpp"

#include "client/connection.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace loadgen {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using namespace std::chrono_literals;

// Fine enough for a deadline to be kept within a twentieth, coarse enough to cost nothing.
std::chrono::nanoseconds tick_length(std::chrono::nanoseconds timeout) {
    return std::clamp<std::chrono::nanoseconds>(timeout / 20, 1ms, 50ms);
}

} // namespace

Worker::Worker(const LoadPlan& plan, const Target& target, Share share)
    : plan_(plan),
      target_(target),
      share_(share),
      random_(plan.seed + share.index),
      next_server_(share.index),
      next_source_(share.index),
      next_request_(share.index) {}

Worker::~Worker() = default;

// A loop must go in the thread that made it, and its connections' transports before it.
class Worker::LoopEnd {
  public:
    explicit LoopEnd(Worker& worker) : worker_(worker) {}
    LoopEnd(const LoopEnd&) = delete;
    LoopEnd& operator=(const LoopEnd&) = delete;
    ~LoopEnd() {
        worker_.loop_->stop();
        worker_.connections_.clear();
        worker_.loop_.reset();
    }

  private:
    Worker& worker_;
};

void Worker::run(Clock::time_point started, std::chrono::system_clock::time_point started_at) {
    measured_from_ = started + plan_.warm_up;
    recording_.started =
        started_at + std::chrono::duration_cast<std::chrono::system_clock::duration>(plan_.warm_up);
    loop_ = make_event_loop(plan_.engine, target_.tls.get());
    const LoopEnd end(*this);
    for (unsigned slot = 0; slot < share_.connections; ++slot)
        connections_.push_back(std::make_unique<Connection>(*this, slot));
    if (plan_.rate)
        arrivals_.emplace(plan_.arrivals, *plan_.rate, share_.count, share_.index, started,
                          plan_.seed + share_.index);

    busy_ = share_.connections;
    for (const auto& connection : connections_)
        on_free(*connection);
    next_tick_ = started;
    loop_->wake_at(started);
    loop_->run([this] { on_time(); });

    recording_.elapsed = std::max<std::chrono::nanoseconds>(Clock::now() - measured_from_, 0ns);
    recording_.abandoned = static_cast<std::uint64_t>(
        std::count_if(connections_.begin(), connections_.end(),
                      [](const auto& connection) { return connection->is_measuring(); }));
    recording_.unstarted = waiting_.size();
    publish(0);
    hand_over_events(std::chrono::system_clock::time_point::max());
}

void Worker::on_time() {
    const auto now = Clock::now();
    make_calls(now);
    if (arrivals_)
        let_arrive(now);
    if (now >= next_tick_)
        tick(now);
    stop_when_done(now);

    Clock::time_point next = next_tick_;
    if (!calls_.empty())
        next = std::min(next, calls_.top().time);
    if (arrivals_ && !is_over(arrivals_->next()))
        next = std::min(next, arrivals_->next());
    loop_->wake_at(next);
}

std::uint64_t Worker::call_at(Clock::time_point time, Connection& connection) {
    calls_.push({time, ++last_call_, &connection});
    loop_->wake_at(time);
    return last_call_;
}

void Worker::make_calls(Clock::time_point now) {
    while (!calls_.empty() && calls_.top().time <= now) {
        const Call call = calls_.top();
        calls_.pop();
        call.connection->on_time(call.number);
    }
}

void Worker::tick(Clock::time_point now) {
    next_tick_ = now + tick_length(plan_.timeout);
    std::uint64_t connected = 0; // by attempts under way
    for (const auto& connection : connections_) {
        connection->check_deadline(now);
        connected += connection->has_connected() ? 1 : 0;
    }
    publish(connected);
    if (abandoning_.load(std::memory_order_relaxed))
        loop_->stop();
}

// No attempt is to start at that time any more.
bool Worker::is_over(Clock::time_point time) const {
    return is_cut_off(time) || (share_.requests && granted_ >= *share_.requests);
}

// Not even one that has been waiting.
bool Worker::is_cut_off(Clock::time_point time) const {
    const bool too_late = !share_.requests && time - measured_from_ >= plan_.duration;
    return too_late || stopping_.load(std::memory_order_relaxed);
}

void Worker::let_arrive(Clock::time_point now) {
    for (; arrivals_->next() <= now && !is_over(arrivals_->next()); arrivals_->advance()) {
        grant(arrivals_->next());
        if (free_.empty()) {
            waiting_.push_back(arrivals_->next());
            continue;
        }
        Connection& connection = *free_.back();
        free_.pop_back();
        start(connection, now, arrivals_->next());
    }
}

void Worker::start(Connection& connection, Clock::time_point now, Clock::time_point intended) {
    const bool measured = is_measured(intended);
    ++busy_;
    recording_.starts += measured ? 1 : 0;
    connection.start({.attempt = ++attempts_, .begun = now, .intended = intended, .measured = measured});
}

void Worker::on_free(Connection& connection) {
    --busy_;
    const auto now = Clock::now();
    if (!arrivals_) {
        if (!is_over(now)) {
            grant(now);
            return start(connection, now, now);
        }
    } else if (!waiting_.empty() && !is_cut_off(now)) {
        const auto intended = waiting_.front();
        waiting_.pop_front();
        ++recording_.delayed_starts;
        return start(connection, now, intended);
    }
    free_.push_back(&connection);
    if (arrivals_)
        connection.rest();
    stop_when_done(now);
}

void Worker::stop_when_done(Clock::time_point now) {
    if (busy_ > 0)
        return;
    const bool more_to_come = arrivals_ ? !is_over(arrivals_->next()) : !is_over(now);
    if (!more_to_come)
        loop_->stop();
}

std::chrono::nanoseconds Worker::draw_delay() {
    return plan_.send_delay.is_zero() ? 0ns : plan_.send_delay.draw(random_);
}

void Worker::on_end(const Start& start, AttemptEnd&& end) {
    if (!start.measured)
        return;
    if (end.failure)
        end.failure->worker = share_.index;
    recording_.record(std::move(end), Clock::now() - measured_from_);
}

void Worker::hand_over_events(std::chrono::system_clock::time_point until) {
    const std::scoped_lock lock(mutex_);
    std::move(recording_.events.begin(), recording_.events.end(), std::back_inserter(handed_over_.events));
    recording_.events.clear();
    handed_over_.until = until;
}

Worker::EventsSoFar Worker::take_events() {
    const std::scoped_lock lock(mutex_);
    return {std::exchange(handed_over_.events, {}), handed_over_.until};
}

void Worker::publish(std::uint64_t connected) {
    hand_over_events(std::chrono::system_clock::now());
    const auto set = [](std::atomic<std::uint64_t>& shared, std::uint64_t value) {
        shared.store(value, std::memory_order_relaxed);
    };
    const Counters& counters = recording_.counters;
    set(published_.attempts, counters.attempts);
    set(published_.established, counters.established + connected);
    set(published_.answers, counters.answers);
    set(published_.resets, counters.resets());
    set(published_.p99_us, static_cast<std::uint64_t>(recording_.latency.quantile(0.99).count()));
    set(published_.refused_or_unreachable, counters.of(Cause::refused) + counters.of(Cause::unreachable));
}

Progress Worker::progress() const {
    const auto get = [](const std::atomic<std::uint64_t>& shared) {
        return shared.load(std::memory_order_relaxed);
    };
    return {.attempts = get(published_.attempts),
            .established = get(published_.established),
            .answers = get(published_.answers),
            .resets = get(published_.resets),
            .refused_or_unreachable = get(published_.refused_or_unreachable),
            .p99 = microseconds{get(published_.p99_us)}};
}

} // namespace loadgen
