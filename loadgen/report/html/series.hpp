// What the figures show of each run or variant.
#pragma once

#include "measure/histogram.hpp"
#include "measure/timeline.hpp"
#include "report/html/drawing.hpp"
#include "verdict/rate.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

struct Series {
    std::string label;
    bool expected_to_reset = false;
    Count count;                    ///< of what is judged by
    RateInterval interval;          ///< on its rate
    std::vector<Stretch> stretches; ///< in order of time
    Histogram latency;

    Ink ink() const { return expected_to_reset ? Ink::reset : Ink::data; }
};

/// Lines of one colour differ by their dashes; there are six kinds, and then they come again.
std::string_view dashes_of(std::size_t index);

} // namespace loadgen
