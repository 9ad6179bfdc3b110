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

// What is no valid status is the server's error (RFC 9110, 15).
std::size_t status_class(unsigned status) {
    return status >= 100 && status < 600 ? status / 100 : 5;
}

} // namespace

Worker::Worker(const LoadPlan& plan, const Target& target, Share share)
    : plan_(plan),
      target_(target),
      share_(share),
      random_(plan.seed + share.index),
      next_source_(share.index) {}

Worker::~Worker() = default;

void Worker::run(Clock::time_point started, std::chrono::system_clock::time_point started_at) {
    started_ = started;
    recording_.started = started_at;
    for (unsigned slot = 0; slot < share_.connections; ++slot)
        connections_.push_back(std::make_unique<Connection>(*this, slot));
    at_work_ = share_.connections;
    for (const auto& connection : connections_)
        connection->start();
    schedule_tick();
    context_.run();
    if (at_work_ > 0)
        recording_.elapsed = Clock::now() - started_;
    recording_.abandoned = at_work_;
    publish();
}

void Worker::retire() {
    if (--at_work_ > 0)
        return;
    recording_.elapsed = Clock::now() - started_;
    tick_timer_.cancel();
}

std::optional<std::uint64_t> Worker::grant_attempt(Clock::time_point now) {
    const bool over = share_.requests ? granted_ >= *share_.requests : now - started_ >= plan_.duration;
    if (over || stopping_.load(std::memory_order_relaxed))
        return std::nullopt;
    return ++granted_;
}

const boost::asio::ip::address* Worker::next_source_address() {
    if (plan_.source_addresses.empty())
        return nullptr;
    return &plan_.source_addresses[next_source_++ % plan_.source_addresses.size()];
}

void Worker::record_established(std::chrono::nanoseconds connect_time) {
    ++recording_.counters.established;
    recording_.connect.record(duration_cast<microseconds>(connect_time));
}

void Worker::record_attempt(Clock::time_point now, const std::optional<Answered>& answered,
                            std::optional<Event> failure) {
    const auto second = static_cast<std::size_t>(duration_cast<std::chrono::seconds>(now - started_).count());
    if (second >= recording_.intervals.size())
        recording_.intervals.resize(second + 1);
    Interval& interval = recording_.intervals[second];
    Counters& counters = recording_.counters;

    ++counters.attempts;
    ++interval.attempts;
    if (answered) {
        const auto latency = duration_cast<microseconds>(answered->latency);
        ++counters.answers;
        ++interval.answers;
        ++counters.by_status_class.at(status_class(answered->status));
        recording_.latency.record(latency);
        interval.latency.record(latency);
    }
    if (failure) {
        counters.count(failure->outcome);
        if (is_reset(failure->outcome.cause))
            ++interval.resets;
        else if (!answered)
            ++interval.other_failures;
        if (failure->outcome.cause == Cause::local)
            ++recording_.local_errors[failure->os_error_name];
        failure->worker = share_.index;
        recording_.events.push_back(std::move(*failure));
    }
}

void Worker::schedule_tick() {
    tick_timer_.expires_after(tick_length(plan_.timeout));
    tick_timer_.async_wait([this](const boost::system::error_code&) { on_tick(); });
}

void Worker::on_tick() {
    const auto now = Clock::now();
    for (const auto& connection : connections_)
        connection->check_deadline(now);
    publish();
    if (abandoning_.load(std::memory_order_relaxed))
        context_.stop();
    else if (at_work_ > 0)
        schedule_tick();
}

void Worker::hand_over_events() {
    if (recording_.events.empty())
        return;
    const std::scoped_lock lock(mutex_);
    std::move(recording_.events.begin(), recording_.events.end(), std::back_inserter(handed_over_));
    recording_.events.clear();
}

std::vector<Event> Worker::take_events() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(handed_over_, {});
}

void Worker::publish() {
    hand_over_events();
    const auto set = [](std::atomic<std::uint64_t>& shared, std::uint64_t value) {
        shared.store(value, std::memory_order_relaxed);
    };
    const Counters& counters = recording_.counters;
    set(published_.attempts, counters.attempts);
    set(published_.established, counters.established);
    set(published_.answers, counters.answers);
    set(published_.resets, counters.resets());
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
            .refused_or_unreachable = get(published_.refused_or_unreachable)};
}

} // namespace loadgen
