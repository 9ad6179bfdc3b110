#include "verdict/reconciliation.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace loadgen {
namespace {

using Endpoint = std::pair<std::string, std::uint16_t>;

struct BothEnds {
    std::vector<Sighting> resets;
    std::vector<Sighting> victims;
};

std::map<Endpoint, BothEnds> by_endpoint(std::span<const Sighting> resets,
                                         std::span<const Sighting> victims) {
    std::map<Endpoint, BothEnds> ends;
    for (const Sighting& reset : resets)
        ends[{reset.address, reset.port}].resets.push_back(reset);
    for (const Sighting& victim : victims)
        ends[{victim.address, victim.port}].victims.push_back(victim);
    return ends;
}

void match(BothEnds& ends, std::chrono::microseconds tolerance, Reconciliation& result) {
    const auto earlier = [](const Sighting& a, const Sighting& b) { return a.time < b.time; };
    std::sort(ends.resets.begin(), ends.resets.end(), earlier);
    std::sort(ends.victims.begin(), ends.victims.end(), earlier);
    const auto only_host = [&result](const Sighting& victim) {
        if (victim.at_rest)
            ++result.unseen;
        else
            result.only_host.push_back(victim);
    };
    auto reset = ends.resets.begin();
    auto victim = ends.victims.begin();
    while (reset != ends.resets.end() && victim != ends.victims.end()) {
        const auto gap = reset->time - victim->time;
        if (std::chrono::abs(gap) <= tolerance) {
            ++result.matched;
            result.largest_gap = std::max(result.largest_gap, std::chrono::abs(gap));
            ++reset;
            ++victim;
        } else if (gap < std::chrono::microseconds::zero()) {
            result.only_client.push_back(*reset++);
        } else {
            only_host(*victim++);
        }
    }
    result.only_client.insert(result.only_client.end(), reset, ends.resets.end());
    std::for_each(victim, ends.victims.end(), only_host);
}

} // namespace

Reconciliation reconcile(std::span<const Sighting> resets, std::span<const Sighting> victims,
                         std::chrono::microseconds tolerance) {
    Reconciliation result;
    for (auto& one : by_endpoint(resets, victims))
        match(one.second, tolerance, result);
    return result;
}

} // namespace loadgen
