#include "client/schedule.hpp"

namespace loadgen {

Schedule::Schedule(const LoadPlan& plan, const Share& share, Clock::time_point started,
                   const std::atomic<bool>& stopping)
    : plan_(plan), requests_(share.requests), stopping_(stopping), measured_from_(started + plan.warm_up) {
    if (plan.rate)
        arrivals_.emplace(plan.arrivals, *plan.rate, share.count, share.index, started,
                          plan.seed + share.index);
}

// Not even one that has been waiting is to start at that time.
bool Schedule::is_cut_off(Clock::time_point time) const {
    const bool too_late = !requests_ && time - measured_from_ >= plan_.duration;
    return too_late || stopping_.load(std::memory_order_relaxed);
}

// None is to start at that time that has not been waiting.
bool Schedule::is_over(Clock::time_point time) const {
    return is_cut_off(time) || (requests_ && granted_ >= *requests_);
}

std::optional<Schedule::Clock::time_point> Schedule::on_free(Clock::time_point now) {
    if (!is_open_loop()) {
        if (is_over(now))
            return std::nullopt;
        grant(now);
        return now;
    }
    if (waiting_.empty() || is_cut_off(now))
        return std::nullopt;
    const auto intended = waiting_.front();
    waiting_.pop_front();
    ++delayed_starts_;
    return intended;
}

std::optional<Schedule::Clock::time_point> Schedule::take_due(Clock::time_point now) {
    if (!arrivals_ || arrivals_->next() > now || is_over(arrivals_->next()))
        return std::nullopt;
    const auto intended = arrivals_->next();
    grant(intended);
    arrivals_->advance();
    return intended;
}

Start Schedule::begin(Clock::time_point now, Clock::time_point intended) {
    const bool measured = is_measured(intended);
    starts_ += measured ? 1 : 0;
    return {.attempt = ++attempts_, .begun = now, .intended = intended, .measured = measured};
}

bool Schedule::has_more(Clock::time_point now) const {
    return !is_over(arrivals_ ? arrivals_->next() : now);
}

Schedule::Clock::time_point Schedule::next() const {
    return arrivals_ && !is_over(arrivals_->next()) ? arrivals_->next() : Clock::time_point::max();
}

} // namespace loadgen
