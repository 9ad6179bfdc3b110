// A number that many threads add to.
#pragma once

#include <atomic>
#include <cstdint>

namespace host {

/// Nobody orders other memory by it.
class Counter {
  public:
    void operator++(int) noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

} // namespace host
