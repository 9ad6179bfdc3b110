// Loads of the fault's model that several tests hold it against.
#pragma once

#include "verdict/fault_model.hpp"

#include <cstdint>
#include <random>

namespace loadgen {

inline void set_exponential_delay(FaultLoad& load, double mean) {
    load.delay = [mean](std::mt19937_64& random) {
        return mean * std::exponential_distribution<double>{1}(random);
    };
    load.mean_delay = mean;
}

inline void set_uniform_delay(FaultLoad& load, double low, double high) {
    load.delay = [low, high](std::mt19937_64& random) {
        return std::uniform_real_distribution<double>{low, high}(random);
    };
    load.mean_delay = (low + high) / 2;
}

/// `silent` clients on average have an AcceptEx or wait for one, of which the server keeps `outstanding`.
inline FaultLoad load_of(double silent, unsigned outstanding) {
    FaultLoad load;
    load.outstanding = outstanding;
    load.backlog = 10'000;
    load.rate = 100;
    set_constant_delay(load, silent / 100);
    return load;
}

inline Prediction steady(FaultLoad load, std::uint64_t attempts = 30'000) {
    set_steady_state(load, attempts);
    return predict_resets(load, attempts);
}

} // namespace loadgen
