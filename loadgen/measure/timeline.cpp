#include "measure/timeline.hpp"

namespace loadgen {

Stretch stretch_of(const Recording& recording) {
    Stretch stretch{.started = recording.started, .elapsed = recording.elapsed, .seconds = {}};
    stretch.seconds.reserve(recording.intervals.size());
    for (const Interval& interval : recording.intervals)
        stretch.seconds.push_back({interval.attempts, interval.resets, interval.lost});
    return stretch;
}

} // namespace loadgen
