#include "measure/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace loadgen {
namespace {

// Each power of two above 2^8 is cut into 2^7 equal buckets; below it, each microsecond has its own.
constexpr unsigned precision_bits = 7;

std::size_t bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > precision_bits + 1 ? width - precision_bits - 1 : 0;
    return (std::size_t{shift} << precision_bits) + static_cast<std::size_t>(value >> shift);
}

std::uint64_t middle_of(std::size_t bucket) {
    const std::size_t octave = bucket >> precision_bits;
    const unsigned shift = octave > 1 ? static_cast<unsigned>(octave - 1) : 0;
    const std::uint64_t low = (std::uint64_t{bucket} - (std::uint64_t{shift} << precision_bits)) << shift;
    return low + (std::uint64_t{1} << shift) / 2;
}

} // namespace

void Histogram::record(std::chrono::microseconds value) {
    value = std::max(value, std::chrono::microseconds{0});
    const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value.count()));
    if (bucket >= buckets_.size())
        buckets_.resize(bucket + 1);
    ++buckets_[bucket];
    ++count_;
    max_ = std::max(max_, value);
}

std::chrono::microseconds Histogram::quantile(double fraction) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        seen += buckets_[bucket];
        if (seen >= wanted && seen > 0)
            return std::min(max_, std::chrono::microseconds{middle_of(bucket)});
    }
    return max_;
}

Histogram& Histogram::operator+=(const Histogram& other) {
    if (buckets_.size() < other.buckets_.size())
        buckets_.resize(other.buckets_.size());
    for (std::size_t i = 0; i < other.buckets_.size(); ++i)
        buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
    return *this;
}

} // namespace loadgen
