// A row of runs.csv: a run, or one block of a regression.
#pragma once

#include "measure/block_info.hpp"
#include "measure/recording.hpp"
#include "storage/table/columns.hpp"
#include "verdict/rate.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace loadgen {

/// The percentiles of a latency; none of what was not measured.
struct Percentiles {
    using Time = std::optional<std::chrono::microseconds>;
    Time p50;
    Time p90;
    Time p99;
    Time p999;
    Time max;
};

struct RunRow {
    BlockInfo info;
    std::chrono::system_clock::time_point started{};
    std::chrono::nanoseconds elapsed{0};
    /// The failures are those of outcomes.csv: they are not read from here.
    Counters counters;
    std::uint64_t resets = 0;
    std::uint64_t lost = 0;
    double reset_rate_low = 0; ///< the interval of the reset rate
    double reset_rate_high = 0;
    double confidence = 0.95; ///< of that interval
    Percentiles connect;
    Percentiles first_byte;
    Percentiles latency;
    std::uint64_t delayed_starts = 0;
    std::uint64_t unstarted = 0;
    RunEnding ended;

    static Columns<RunRow> columns();
};

/// Resets among attempts.
Count resets_of(const Recording& recording);

/// `confidence`: of the interval of the reset rate, Clopper and Pearson's unless another is given.
RunRow run_row(const BlockInfo& info, const Recording& recording, double confidence);
RunRow run_row(const BlockInfo& info, const Recording& recording, double confidence,
               const RateInterval& interval);

} // namespace loadgen
