#include "measure/counters.hpp"

#include <numeric>

namespace loadgen {

std::uint64_t Counters::of(Cause cause) const {
    const auto& row = failures[index(cause)];
    return std::accumulate(row.begin(), row.end(), std::uint64_t{0});
}

std::uint64_t Counters::resets(Phase phase) const {
    std::uint64_t sum = 0;
    for (const Cause cause : all_causes)
        if (is_reset(cause))
            sum += at({cause, phase});
    return sum;
}

std::uint64_t Counters::resets() const {
    std::uint64_t sum = 0;
    for (const Phase phase : all_phases)
        sum += resets(phase);
    return sum;
}

std::uint64_t Counters::lost() const {
    std::uint64_t sum = 0;
    for (const Cause cause : all_causes)
        for (const Phase phase : all_phases)
            if (is_loss({cause, phase}))
                sum += at({cause, phase});
    return sum;
}

std::uint64_t Counters::unanswered() const {
    std::uint64_t sum = 0;
    for (const Cause cause : all_causes)
        sum += of(cause) - at({cause, Phase::finish});
    return sum;
}

Counters& Counters::operator+=(const Counters& other) {
    attempts += other.attempts;
    established += other.established;
    requests_sent += other.requests_sent;
    answers += other.answers;
    bytes_read += other.bytes_read;
    idle_closes += other.idle_closes;
    for (std::size_t i = 0; i < by_status_class.size(); ++i)
        by_status_class[i] += other.by_status_class[i];
    for (std::size_t i = 0; i < failures.size(); ++i)
        for (std::size_t j = 0; j < failures[i].size(); ++j)
            failures[i][j] += other.failures[i][j];
    return *this;
}

} // namespace loadgen
