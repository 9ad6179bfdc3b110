// How long a slot rests after an attempt that cost nothing because it came to nothing: at full speed 64 of
// them are 60,000 connects a second, which starve the very server that is to start.
#pragma once

#include "measure/outcome.hpp"

#include <algorithm>
#include <chrono>

namespace loadgen {

class BackOff {
  public:
    static constexpr std::chrono::milliseconds first{10}; ///< after the first in a row that was refused
    /// Short enough for a server to be found soon after it is up; 64 slots are 320 connects a second then.
    static constexpr std::chrono::milliseconds longest{200};
    static constexpr std::chrono::milliseconds after_local_fault{100};

    /// An attempt has failed by this, which had drawn that send delay: the pause before the slot's next one;
    /// zero: none. It grows while attempts in a row are refused, and is never shorter than the delay, which
    /// such an attempt did not wait for.
    std::chrono::nanoseconds after(Cause cause, std::chrono::nanoseconds send_delay) {
        if (cause == Cause::local) // a lack of ports or descriptors, which others will give back
            return after_local_fault;
        if (cause != Cause::refused && cause != Cause::unreachable)
            return std::chrono::nanoseconds::zero();
        const auto pause = next_;
        next_ = std::min(next_ * 2, longest);
        return std::max<std::chrono::nanoseconds>(pause, send_delay);
    }

    /// The slot has made a connection.
    void reset() { next_ = first; }

  private:
    std::chrono::milliseconds next_ = first;
};

} // namespace loadgen
