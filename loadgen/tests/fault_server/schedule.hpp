// Whose turn it is to be failed, and by which fault.
#pragma once

#include "tests/fault_server/fault.hpp"

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace loadgen {

class FaultSchedule {
  public:
    static constexpr std::uint64_t for_ever = std::numeric_limits<std::uint64_t>::max();

    /// The faults take turns at every `every`-th of the first `until` occasions.
    FaultSchedule(std::vector<const Fault*> faults, std::uint64_t every, std::uint64_t until)
        : faults_(std::move(faults)), every_(every), until_(until) {}

    /// The fault that befalls the next occasion, or nullptr.
    const Fault* next() {
        const std::uint64_t number = ++occasions_;
        if (faults_.empty() || number > until_ || number % every_ != 0)
            return nullptr;
        return faults_[(number / every_ - 1) % faults_.size()];
    }

  private:
    std::vector<const Fault*> faults_;
    std::uint64_t every_;
    std::uint64_t until_;
    std::uint64_t occasions_ = 0;
};

} // namespace loadgen
