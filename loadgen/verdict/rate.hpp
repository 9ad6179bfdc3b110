// Exact intervals on a rate: k events in n independent trials (Clopper and Pearson, Biometrika 26, 1934).
#pragma once

#include <cstdint>
#include <span>

namespace loadgen {

/// Events among trials; here resets among attempts. events <= trials.
struct Count {
    std::uint64_t events = 0;
    std::uint64_t trials = 0;

    double rate() const {
        return trials == 0 ? 0.0 : static_cast<double>(events) / static_cast<double>(trials);
    }
    Count& operator+=(const Count& other) {
        events += other.events;
        trials += other.trials;
        return *this;
    }
};

Count sum_of(std::span<const Count> counts);

/// Both ends are in 0..1; (0, 1) without trials.
struct RateInterval {
    double low = 0;
    double high = 1;
};

/// One-sided bounds: the true rate lies above (below) it with the given confidence, 0 < confidence < 1.
double rate_lower_bound(Count count, double confidence);
double rate_upper_bound(Count count, double confidence);

/// The two-sided interval: each tail has half of 1 - confidence.
RateInterval rate_interval(Count count, double confidence);

/// How many trials, with this many events among them, would put rate_upper_bound at or below max_rate (0 <
/// max_rate < 1). For no events: 2,995 trials for 0.001 at 95 % confidence.
std::uint64_t trials_to_claim(std::uint64_t events, double max_rate, double confidence);

} // namespace loadgen
