#include "verdict/fault_model.hpp"

#include "verdict/fault_simulation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace loadgen {
namespace {

constexpr unsigned fewest_blocks = 4;

// Of a ratio of sums: the deviations of the blocks' resets from the rate times their attempts.
double standard_error(const std::vector<Count>& blocks, const Count& total) {
    double squares = 0;
    for (const Count& block : blocks) {
        const double difference =
            static_cast<double>(block.events) - total.rate() * static_cast<double>(block.trials);
        squares += difference * difference;
    }
    const auto count = static_cast<double>(blocks.size());
    return std::sqrt(squares * count / (count - 1)) /
           static_cast<double>(std::max<std::uint64_t>(total.trials, 1));
}

Prediction prediction(const std::vector<Count>& blocks) {
    const Count total = sum_of(blocks);
    return {.rate = total.rate(),
            .error = standard_error(blocks, total),
            .attempts = total.trials,
            .resets = total.events};
}

} // namespace

void set_constant_delay(FaultLoad& load, double seconds) {
    load.delay = [seconds](std::mt19937_64&) { return seconds; };
    load.mean_delay = seconds;
}

Prediction predict_resets(const FaultLoad& load, std::uint64_t attempts, std::uint64_t seed) {
    std::vector<Count> blocks;
    Count total;
    // A block without any attempt would go on for ever.
    while (blocks.size() < fewest_blocks || (total.trials < attempts && blocks.back().trials > 0)) {
        blocks.push_back(FaultSimulation(load, seed * 1'000'003 + blocks.size()).run());
        total += blocks.back();
    }
    return prediction(blocks);
}

Prediction replay_resets(const FaultLoad& load, std::uint64_t blocks, std::uint64_t seed) {
    std::vector<Count> counts;
    while (counts.size() < blocks)
        counts.push_back(FaultSimulation(load, seed + counts.size()).run());
    return prediction(counts);
}

void set_steady_state(FaultLoad& load, std::uint64_t attempts) {
    const double silence = load.mean_delay + load.linger;
    const double per_second = load.rate ? *load.rate
                                        : load.connections / (load.mean_delay + load.handling_time +
                                                              load.answer_time + load.reconnect_time);
    load.warm_up = 20 * silence + 1;
    load.duration = static_cast<double>(attempts) / 8 / per_second;
}

} // namespace loadgen
