#include "client/arrivals.hpp"

namespace loadgen {
namespace {

std::chrono::duration<double> exponential(std::chrono::duration<double> mean, std::mt19937_64& random) {
    return mean * std::exponential_distribution<double>{1.0}(random);
}

} // namespace

Arrivals::Arrivals(ArrivalProcess process, double rate, unsigned workers, unsigned index,
                   Clock::time_point from, std::uint64_t seed)
    : process_(process), from_(from), gap_(workers / rate), offset_(index / rate), random_(~seed) {
    if (process_ == ArrivalProcess::poisson)
        offset_ = exponential(gap_, random_);
}

Arrivals::Clock::time_point Arrivals::next() const {
    return from_ + std::chrono::duration_cast<Clock::duration>(offset_);
}

void Arrivals::advance() {
    offset_ += process_ == ArrivalProcess::poisson ? exponential(gap_, random_) : gap_;
}

} // namespace loadgen
