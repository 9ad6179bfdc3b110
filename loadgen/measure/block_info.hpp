// What identifies a run, or one block of a regression, in every file.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace loadgen {

struct BlockInfo {
    std::string
        run_id; ///< unique over runs and machines; blocks of one regression share all but the last part
    std::string label;
    std::string expectation; ///< faulty, fixed, or empty
    std::string url;         ///< the first, as it may be shown (shown.hpp)
    std::size_t urls = 1;    ///< how many take turns
    bool keep_alive = false;
    unsigned connections = 0;
    unsigned threads = 0;
    std::optional<double> rate; ///< attempts per second asked for; none: closed loop
    std::string engine;
    std::string send_delay;                      ///< as the option is written; 0s: none
    std::chrono::nanoseconds mean_send_delay{0}; ///< in no file
};

} // namespace loadgen
