#include "client/delay.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace loadgen {
namespace {

std::string in_largest_unit(std::chrono::nanoseconds length) {
    using namespace std::chrono;
    if (length % 1s == 0ns)
        return fmt::format("{}", duration_cast<seconds>(length));
    if (length % 1ms == 0ns)
        return fmt::format("{}", duration_cast<milliseconds>(length));
    return fmt::format("{}us", duration_cast<microseconds>(length).count());
}

} // namespace

Delay::Delay(Shape shape, std::chrono::nanoseconds low, std::chrono::nanoseconds high)
    : shape_(shape), low_(low), high_(high) {}

Delay Delay::constant(std::chrono::nanoseconds length) {
    return {Shape::constant, length, length};
}

Delay Delay::uniform(std::chrono::nanoseconds low, std::chrono::nanoseconds high) {
    return {Shape::uniform, low, high};
}

Delay Delay::exponential(std::chrono::nanoseconds mean) {
    return {Shape::exponential, mean, mean};
}

std::chrono::nanoseconds Delay::draw(std::mt19937_64& random) const {
    switch (shape_) {
    case Shape::constant:
        break;
    case Shape::uniform:
        return std::chrono::nanoseconds{
            std::uniform_int_distribution<std::int64_t>{low_.count(), high_.count()}(random)};
    case Shape::exponential: {
        const double rate = 1.0 / static_cast<double>(high_.count());
        return std::chrono::nanoseconds{
            static_cast<std::int64_t>(std::exponential_distribution<double>{rate}(random))};
    }
    }
    return high_;
}

std::chrono::nanoseconds Delay::mean() const {
    return shape_ == Shape::uniform ? low_ + (high_ - low_) / 2 : high_;
}

std::string Delay::text() const {
    switch (shape_) {
    case Shape::constant:
        break;
    case Shape::uniform:
        return fmt::format("uniform:{}..{}", in_largest_unit(low_), in_largest_unit(high_));
    case Shape::exponential:
        return fmt::format("exp:{}", in_largest_unit(high_));
    }
    return in_largest_unit(high_);
}

} // namespace loadgen
