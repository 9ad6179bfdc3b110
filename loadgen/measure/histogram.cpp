#include "measure/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace loadgen {
namespace {

// Each power of two above 2^8 is cut into 2^7 equal buckets; below it, each microsecond has its own.
constexpr unsigned precision_bits = 7;

std::size_t bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > precision_bits + 1 ? width - precision_bits - 1 : 0;
    return (std::size_t{shift} << precision_bits) + static_cast<std::size_t>(value >> shift);
}

unsigned shift_of(std::size_t bucket) {
    const std::size_t octave = bucket >> precision_bits;
    return octave > 1 ? static_cast<unsigned>(octave - 1) : 0;
}

std::uint64_t low_of(std::size_t bucket) {
    const unsigned shift = shift_of(bucket);
    return (std::uint64_t{bucket} - (std::uint64_t{shift} << precision_bits)) << shift;
}

std::uint64_t middle_of(std::size_t bucket) {
    return low_of(bucket) + (std::uint64_t{1} << shift_of(bucket)) / 2;
}

} // namespace

void Histogram::record(std::chrono::microseconds value) {
    value = std::max(value, std::chrono::microseconds{0});
    const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value.count()));
    if (bucket >= counts_.size())
        counts_.resize(bucket + 1);
    ++counts_[bucket];
    ++count_;
    max_ = std::max(max_, value);
}

std::optional<std::chrono::microseconds> Histogram::max() const {
    return count_ > 0 ? std::optional(max_) : std::nullopt;
}

std::optional<std::chrono::microseconds> Histogram::quantile(double fraction) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
        seen += counts_[bucket];
        if (seen >= wanted && seen > 0)
            return std::min(max_, std::chrono::microseconds{middle_of(bucket)});
    }
    return max();
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
    std::vector<Bucket> filled;
    for (std::size_t i = 0; i < counts_.size(); ++i)
        if (counts_[i] > 0)
            filled.push_back(
                {std::chrono::microseconds{low_of(i)}, std::chrono::microseconds{low_of(i + 1)}, counts_[i]});
    if (!filled.empty())
        filled.back().high = max_ + std::chrono::microseconds{1};
    return filled;
}

void Histogram::add(const Bucket& bucket) {
    const auto low = static_cast<std::uint64_t>(bucket.low.count());
    const std::size_t place = bucket_of(low);
    if (bucket.low.count() < 0 || low_of(place) != low || bucket.high <= bucket.low ||
        static_cast<std::uint64_t>(bucket.high.count()) > low_of(place + 1) || bucket.count == 0)
        throw std::invalid_argument("no bucket of a histogram");
    if (place >= counts_.size())
        counts_.resize(place + 1);
    counts_[place] += bucket.count;
    count_ += bucket.count;
    max_ = std::max(max_, bucket.high - std::chrono::microseconds{1});
}

Histogram& Histogram::operator+=(const Histogram& other) {
    if (counts_.size() < other.counts_.size())
        counts_.resize(other.counts_.size());
    for (std::size_t i = 0; i < other.counts_.size(); ++i)
        counts_[i] += other.counts_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
    return *this;
}

} // namespace loadgen
