#include "verdict/fault_simulation.hpp"

#include <algorithm>
#include <cmath>

namespace loadgen {
namespace {

// Linux 6.5 and later: a SYN is sent again each second five times, and then after twice as long each time
// (tcp_syn_linear_timeouts); before, twice as long from the first on. Within a timeout of 5 s that is once or
// twice more.
// Timers so long go off at ticks of 32 ms, with 250 Hz (measured: the SYNs of 60 clients, dropped 3.5 ms
// apart, came again in bunches). The bunches matter: they overflow the backlog again.
double next_syn(double now, unsigned dropped) {
    constexpr unsigned linear = 5;
    constexpr double tick = 0.032;
    const double pause = dropped <= linear ? 1 : static_cast<double>(1U << std::min(dropped - linear, 6U));
    return std::ceil((now + pause) / tick) * tick;
}

double exponential(double mean, std::mt19937_64& random) {
    return mean * std::exponential_distribution<double>{1}(random);
}

} // namespace

FaultSimulation::FaultSimulation(const FaultLoad& load, std::uint64_t seed)
    : load_(load), arrivals_(~seed), delays_(seed), exits_(seed + 0x9e3779b97f4a7c15) {}

Count FaultSimulation::run() {
    while (pending_ < load_.outstanding + load_.left_over)
        post();
    if (load_.rate)
        plan(load_.evenly ? 0 : next_gap(), What::arrival);
    for (unsigned i = 0; !load_.rate && i < load_.connections; ++i)
        plan(load_.ramp.value_or(load_.mean_delay) * i / load_.connections, What::arrival);
    while (!events_.empty() && (now_ < load_.warm_up + load_.duration || unfinished_ > 0)) {
        const Event event = events_.top();
        events_.pop();
        now_ = event.at;
        handle(event);
    }
    return resets_;
}

void FaultSimulation::plan(double after, What what, std::size_t subject) {
    events_.push({now_ + after, planned_++, what, subject});
}

void FaultSimulation::handle(const Event& event) {
    switch (event.what) {
    case What::arrival:
        begin();
        break;
    case What::syn:
        on_syn(event.subject);
        break;
    case What::first_byte:
        on_first_byte(event.subject);
        break;
    case What::accept:
        on_accept();
        break;
    case What::handled:
        on_handled(event.subject);
        break;
    case What::done:
        on_done(event.subject);
        break;
    case What::thread_exit:
        on_thread_exit(event.subject);
        break;
    }
}

void FaultSimulation::begin() {
    if (now_ >= load_.warm_up + load_.duration)
        return;
    const bool counts = now_ >= load_.warm_up;
    clients_.push_back({.began = now_, .counts = counts});
    unfinished_ += counts ? 1 : 0;
    resets_.trials += counts ? 1 : 0;
    on_syn(clients_.size() - 1);
    if (load_.rate)
        plan(next_gap(), What::arrival);
}

void FaultSimulation::on_syn(std::size_t client) {
    if (backlog_.size() > load_.backlog) {
        const double next = next_syn(now_, ++clients_[client].dropped_syns);
        if (next - clients_[client].began < load_.timeout)
            plan(next - now_, What::syn, client);
        else
            end(client);
        return;
    }
    backlog_.push_back(client);
    plan(load_.delay(delays_), What::first_byte, client);
    plan_accept();
}

void FaultSimulation::plan_accept() {
    while (!free_.empty() && accepts_[free_.front()].state == AcceptEx::State::over)
        free_.pop_front();
    if (accepting_ || free_.empty() || backlog_.empty())
        return;
    accepting_ = true;
    plan(load_.accept_time, What::accept);
}

// First come, first served, on both sides.
void FaultSimulation::on_accept() {
    accepting_ = false;
    while (!free_.empty() && accepts_[free_.front()].state == AcceptEx::State::over)
        free_.pop_front();
    if (free_.empty() || backlog_.empty())
        return;
    const std::size_t accept = free_.front();
    const std::size_t client = backlog_.front();
    free_.pop_front();
    backlog_.pop_front();
    accepts_[accept] = {AcceptEx::State::taken, client};
    clients_[client].accept = accept;
    if (clients_[client].has_sent)
        complete(accept);
    plan_accept();
}

void FaultSimulation::on_first_byte(std::size_t client) {
    clients_[client].has_sent = true;
    const std::size_t accept = clients_[client].accept;
    if (accept != none && accepts_[accept].state == AcceptEx::State::taken)
        complete(accept);
}

void FaultSimulation::complete(std::size_t accept) {
    accepts_[accept].state = AcceptEx::State::over;
    plan(load_.handling_time, What::handled, accepts_[accept].client);
}

// The pool's thread replaces the AcceptEx, if too few are pending, before it calls the extension.
void FaultSimulation::on_handled(std::size_t client) {
    --pending_;
    replenish();
    if (load_.capacity)
        busy_until_ = std::max(busy_until_, now_) + exponential(1 / *load_.capacity, exits_);
    plan(std::max(load_.answer_time, busy_until_ - now_), What::done, client);
}

// DONE_WITH_SESSION posts an AcceptEx however many are pending.
void FaultSimulation::on_done(std::size_t client) {
    const std::size_t accept = post();
    if (load_.threads_exit)
        plan(load_.linger + load_.shortest_exit + exponential(load_.further_exit, exits_), What::thread_exit,
             accept);
    end(client);
}

void FaultSimulation::on_thread_exit(std::size_t accept) {
    const AcceptEx cancelled = accepts_[accept];
    if (cancelled.state == AcceptEx::State::over)
        return;
    accepts_[accept].state = AcceptEx::State::over;
    --pending_;
    replenish();
    if (cancelled.state != AcceptEx::State::taken)
        return;
    resets_.events += clients_[cancelled.client].counts ? 1 : 0;
    end(cancelled.client);
}

std::size_t FaultSimulation::post() {
    accepts_.emplace_back();
    free_.push_back(accepts_.size() - 1);
    ++pending_;
    plan_accept();
    return accepts_.size() - 1;
}

void FaultSimulation::replenish() {
    while (pending_ < load_.outstanding)
        post();
}

void FaultSimulation::end(std::size_t client) {
    unfinished_ -= clients_[client].counts ? 1 : 0;
    if (!load_.rate)
        plan(load_.reconnect_time, What::arrival);
}

double FaultSimulation::next_gap() {
    return load_.evenly ? 1 / *load_.rate : exponential(1 / *load_.rate, arrivals_);
}

} // namespace loadgen
