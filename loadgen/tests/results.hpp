// Results made by hand, for tests of what is told of them.
#pragma once

#include "report/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace loadgen {

struct Failures {
    Outcome cell;
    int count;
};

/// So many answers of 200, and these failures, in one second.
inline Recording recording_of(int answers, const std::vector<Failures>& failures) {
    using namespace std::chrono_literals;
    Recording recording;
    recording.elapsed = 1s;
    recording.starts = static_cast<std::uint64_t>(answers);
    for (int i = 0; i < answers; ++i)
        recording.record({.connect_time = 1ms, .answered = Answered{.status = 200, .latency = 2ms}}, 0s);
    for (const auto& [cell, count] : failures)
        for (int i = 0; i < count; ++i) {
            ++recording.starts;
            recording.record({.connect_time = 1ms, .failure = Event{.outcome = cell}}, 0s);
        }
    return recording;
}

/// As equal as they can be.
inline std::vector<Count> in_blocks(const Count& total, unsigned blocks) {
    std::vector<Count> parts;
    Count rest = total;
    for (unsigned left = blocks; left > 0; --left) {
        const Count part{rest.events / left, rest.trials / left};
        parts.push_back(part);
        rest = {rest.events - part.events, rest.trials - part.trials};
    }
    return parts;
}

/// What was loaded of a variant.
struct Block {
    std::string label;
    Expectation expectation;
    Recording recording;
    RunEnding ended = {};
};

/// Judged as `regress` does.
inline RegressionResult judged(const Claim& claim, std::vector<Block> blocks,
                               std::optional<Stop> stop = Stop::rounds_done) {
    const unsigned rounds = claim.looks == Looks::once ? 1 : 5;
    std::vector<VariantLoads> loads;
    for (Block& block : blocks) {
        block.recording.ended = block.ended;
        const Counters& counters = block.recording.counters;
        VariantCounts counts{.label = block.label,
                             .expectation = block.expectation,
                             .blocks =
                                 in_blocks({count_of(claim.counted, counters), counters.attempts}, rounds),
                             .lost = {counters.lost(), counters.attempts}};
        BlockInfo info{.run_id = "run." + block.label,
                       .label = block.label,
                       .expectation = std::string(name(block.expectation)),
                       .url = "http://h/" + block.label + ".dll",
                       .connections = 64,
                       .threads = 2,
                       .engine = "epoll",
                       .send_delay = "20ms",
                       .mean_send_delay = std::chrono::milliseconds{20}};
        const Stretch stretch = stretch_of(block.recording);
        loads.push_back({std::move(info), std::move(block.recording), std::move(counts), {stretch}});
    }
    Course course{.max_attempts = 40'000, .stop = stop};
    if (claim.looks == Looks::once)
        course.rounds = rounds;
    return regression_result(std::move(loads), claim, course);
}

} // namespace loadgen
