#include "verdict/plan.hpp"

#include "verdict/standing.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace loadgen {
namespace {

bool has_open(const std::vector<bool>& open, std::span<const VariantCounts> counts, Expectation expectation) {
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (open[i] && counts[i].expectation == expectation)
            return true;
    return false;
}

// The fixed variant that has been loaded longest has a block for each round of the faulty ones.
void keep_one_to_compare(std::vector<bool>& open, std::span<const VariantCounts> counts) {
    std::optional<std::size_t> longest;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i].expectation == Expectation::fixed &&
            (!longest || counts[i].blocks.size() > counts[*longest].blocks.size()))
            longest = i;
    if (longest)
        open[*longest] = true;
}

// The first of the round that is not complete yet, which begins one variant later every time.
std::size_t next_of(const std::vector<bool>& open, std::span<const VariantCounts> counts) {
    std::size_t round = counts.front().blocks.size();
    for (const VariantCounts& variant : counts)
        round = std::max(round, variant.blocks.size());
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (open[i])
            round = std::min(round, counts[i].blocks.size());
    std::size_t next = round % counts.size();
    while (!open[next] || counts[next].blocks.size() != round)
        next = (next + 1) % counts.size();
    return next;
}

} // namespace

std::string_view name(Stop stop) {
    switch (stop) {
    case Stop::rounds_done:
        return "rounds done";
    case Stop::decided:
        return "decided";
    case Stop::spent:
        return "attempts spent";
    }
    return {};
}

std::optional<Stop> stop_named(std::string_view wanted) {
    for (const Stop stop : {Stop::rounds_done, Stop::decided, Stop::spent})
        if (name(stop) == wanted)
            return stop;
    return std::nullopt;
}

Plan until_decided(const Claim& claim, std::uint64_t max_attempts) {
    return [=](std::span<const VariantCounts> counts) -> Decision {
        const std::vector<Standing> standing = standings(counts, claim);
        std::vector<bool> open(counts.size());
        Stop stop = Stop::decided;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (is_decided(standing[i], claim))
                continue;
            open[i] = sum_of(counts[i].blocks).trials < max_attempts;
            if (standing[i].finding != Finding::holds && !open[i])
                stop = Stop::spent;
        }
        if (std::find(open.begin(), open.end(), true) == open.end())
            return {.next = {}, .stop = stop};
        if (has_open(open, counts, Expectation::faulty) && !has_open(open, counts, Expectation::fixed))
            keep_one_to_compare(open, counts);
        return {.next = next_of(open, counts)};
    };
}

Plan fixed_rounds(unsigned rounds) {
    return [rounds](std::span<const VariantCounts> counts) -> Decision {
        const std::size_t done = std::accumulate(
            counts.begin(), counts.end(), std::size_t{0},
            [](std::size_t sum, const VariantCounts& one) { return sum + one.blocks.size(); });
        if (counts.empty() || done == rounds * counts.size())
            return {};
        const std::size_t round = done / counts.size();
        return {.next = (round + done % counts.size()) % counts.size()};
    };
}

} // namespace loadgen
