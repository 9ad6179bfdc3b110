// What identifies a run, or one block of a regression, in every file.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
    std::string send_delay; ///< as the option is written; 0s: none; of runs that were added up all there were
    std::optional<std::chrono::nanoseconds> mean_send_delay; ///< in no file; none: several that differ
};

/// The run_id of a block without the block's number, which is its regression's; any other as it is.
inline std::string_view without_block(std::string_view run_id) {
    return run_id.substr(0, run_id.find('.'));
}

} // namespace loadgen
