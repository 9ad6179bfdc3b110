// Latencies in a log-linear histogram: exact below 256 us, at most 1/128 (0.8 %) wide above, merged without
// loss.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace loadgen {

class Histogram {
  public:
    /// Negative values count as 0.
    void record(std::chrono::microseconds value);

    std::uint64_t count() const { return count_; }
    /// Nothing when empty: what nobody measured is no time, and least of all a short one.
    std::optional<std::chrono::microseconds> max() const;

    /// The smallest recorded value that a share `fraction` (0..1) of the values doesn't exceed; nothing when
    /// empty.
    std::optional<std::chrono::microseconds> quantile(double fraction) const;

    /// Values from `low` up to, but not including, `high`.
    struct Bucket {
        std::chrono::microseconds low;
        std::chrono::microseconds high;
        std::uint64_t count;
        friend bool operator==(const Bucket&, const Bucket&) = default;
    };
    /// Those that aren't empty, in order. The last one's `high` is just above the maximum, so that they hold
    /// all that this histogram knows.
    std::vector<Bucket> buckets() const;
    /// Records the values of such a bucket: all buckets of a histogram make it anew. Throws
    /// std::invalid_argument if it is none.
    void add(const Bucket& bucket);

    Histogram& operator+=(const Histogram& other);

  private:
    std::vector<std::uint64_t> counts_; // by bucket, as long as the largest value needs
    std::uint64_t count_ = 0;
    std::chrono::microseconds max_{0};
};

} // namespace loadgen
