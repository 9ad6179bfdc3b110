#include "client/load.hpp"

#include <algorithm>
#include <iterator>

namespace loadgen {
namespace {

// Share number `index` of `whole`, the shares being as equal as they can be.
template <class Number>
Number share_of(Number whole, unsigned shares, unsigned index) {
    return whole / shares + (index < whole % shares ? 1 : 0);
}

} // namespace

Load::Load(LoadPlan plan, Target target) : plan_(std::move(plan)), target_(std::move(target)) {
    const unsigned threads = std::min(plan_.threads, plan_.connections);
    for (unsigned i = 0; i < threads; ++i) {
        Share share{.index = i, .count = threads, .connections = share_of(plan_.connections, threads, i)};
        if (plan_.requests)
            share.requests = share_of(*plan_.requests, threads, i);
        workers_.push_back(std::make_unique<Worker>(plan_, target_, share));
    }
    failures_.resize(threads);
    running_ = threads;

    const auto started = Worker::Clock::now();
    const auto started_at = std::chrono::system_clock::now();
    for (unsigned i = 0; i < threads; ++i) {
        threads_.emplace_back([this, i, started, started_at] {
            try {
                workers_[i]->run(started, started_at);
            } catch (...) {
                failures_[i] = std::current_exception();
            }
            const std::scoped_lock lock(mutex_);
            if (--running_ == 0)
                ended_.notify_all();
        });
    }
}

Load::~Load() {
    abandon();
}

void Load::stop() {
    for (const auto& worker : workers_)
        worker->stop();
}

void Load::abandon() {
    for (const auto& worker : workers_)
        worker->abandon();
}

Progress Load::progress() const {
    Progress sum;
    for (const auto& worker : workers_)
        sum += worker->progress();
    return sum;
}

std::vector<Event> Load::take_events() {
    auto until = std::chrono::system_clock::time_point::max();
    for (const auto& worker : workers_) {
        EventsSoFar more = worker->take_events();
        std::move(more.events.begin(), more.events.end(), std::back_inserter(held_back_));
        until = std::min(until, more.until);
    }
    std::stable_sort(held_back_.begin(), held_back_.end(),
                     [](const Event& a, const Event& b) { return a.time < b.time; });
    const auto later = std::find_if(held_back_.begin(), held_back_.end(),
                                    [&](const Event& event) { return event.time > until; });
    std::vector<Event> events(std::make_move_iterator(held_back_.begin()), std::make_move_iterator(later));
    held_back_.erase(held_back_.begin(), later);
    return events;
}

bool Load::wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, time, [this] { return running_ == 0; });
}

Recording Load::take() {
    for (std::jthread& thread : threads_)
        thread.join();
    threads_.clear();
    Recording sum;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        if (failures_[i])
            std::rethrow_exception(failures_[i]);
        sum.add_concurrent(workers_[i]->recording());
    }
    sum.events = take_events();
    return sum;
}

} // namespace loadgen
