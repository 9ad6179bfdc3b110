// The live line on stderr: on a terminal it is redrawn, elsewhere a line comes every ten seconds.
#pragma once

#include "measure/progress.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen {

/// [=====>              ], for a share of 0..1.
std::string progress_bar(double done);

/// A part of all there is to do.
struct Span {
    double from = 0;
    double to = 1;
};

/// How many attempts a second a block makes: from one question to the next, and at the first one from
/// the block's own begin. What was before it belongs to another block.
class AttemptRate {
  public:
    using Clock = std::chrono::steady_clock;

    explicit AttemptRate(Clock::time_point begin) : since_(begin) {}
    /// `attempts`: of the block, so far.
    double until(Clock::time_point now, std::uint64_t attempts);

  private:
    Clock::time_point since_;
    std::uint64_t seen_ = 0;
};

class ProgressLine {
  public:
    using Clock = std::chrono::steady_clock;

    explicit ProgressLine(bool quiet);

    /// A block begins, which takes all from one share to another (0..1).
    void begin_block(std::string_view label, Span span = {0, 1});
    /// Says how things stand, if it is time to: the counts of this block, of which `share_of_block` (0..1) is
    /// over.
    void update(const Progress& progress, double share_of_block);
    /// Takes the line off the terminal, so that other output can follow.
    void clear();

  private:
    enum class Style { none, redrawn, appended };

    Style style_;
    std::string label_;
    Span span_{0, 1};
    Clock::time_point started_ = Clock::now();
    Clock::time_point last_ = started_;
    AttemptRate rate_{started_};
    bool shown_ = false;
};

} // namespace loadgen
