// When the attempts of an open loop are to start, whether or not earlier ones have ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace loadgen {

/// How the starts of an open loop are spread over time.
enum class ArrivalProcess {
    constant, ///< evenly
    poisson,  ///< independently of each other, with exponential gaps
};

/// One worker's share of them. The workers' constant arrivals interleave; their Poisson arrivals add up to
/// one Poisson process.
class Arrivals {
  public:
    using Clock = std::chrono::steady_clock;

    /// Draws from the stream of ~seed: that of `seed` is the delays', and an attempt's delay is not to follow
    /// from the gap before it. rate: per second, of all `workers` together; of them this is number `index`,
    /// from 0.
    Arrivals(ArrivalProcess process, double rate, unsigned workers, unsigned index, Clock::time_point from,
             std::uint64_t seed);

    /// The next intended start.
    Clock::time_point next() const;
    void advance();

  private:
    ArrivalProcess process_;
    Clock::time_point from_;
    std::chrono::duration<double> gap_;    // between this worker's, on average
    std::chrono::duration<double> offset_; // of the next one, from from_
    std::mt19937_64 random_;
};

} // namespace loadgen
