// A pause of fixed or random length.
#pragma once

#include <chrono>
#include <random>
#include <string>

namespace loadgen {

class Delay {
  public:
    enum class Shape { constant, uniform, exponential };

    /// No delay at all.
    Delay() = default;
    static Delay constant(std::chrono::nanoseconds length);
    /// Any length in [low, high], low <= high.
    static Delay uniform(std::chrono::nanoseconds low, std::chrono::nanoseconds high);
    static Delay exponential(std::chrono::nanoseconds mean);

    bool is_zero() const { return high_ == std::chrono::nanoseconds::zero(); }
    std::chrono::nanoseconds draw(std::mt19937_64& random) const;
    std::chrono::nanoseconds mean() const;

    /// As the option is written: 20ms, uniform:0ms..40ms, exp:20ms.
    std::string text() const;

  private:
    Delay(Shape shape, std::chrono::nanoseconds low, std::chrono::nanoseconds high);

    Shape shape_ = Shape::constant;
    std::chrono::nanoseconds low_{0};
    std::chrono::nanoseconds high_{0}; // the length if constant, the mean if exponential
};

} // namespace loadgen
