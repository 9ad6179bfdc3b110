#include "verdict/reconciliation.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace loadgen {
namespace {

using Times = std::vector<std::chrono::microseconds>;
using Endpoint = std::pair<std::string, std::uint16_t>;

struct BothEnds {
    Times resets;
    Times victims;
};

std::map<Endpoint, BothEnds> by_endpoint(std::span<const Sighting> resets,
                                         std::span<const Sighting> victims) {
    std::map<Endpoint, BothEnds> ends;
    for (const Sighting& reset : resets)
        ends[{reset.address, reset.port}].resets.push_back(reset.time);
    for (const Sighting& victim : victims)
        ends[{victim.address, victim.port}].victims.push_back(victim.time);
    return ends;
}

void match(const Endpoint& endpoint, BothEnds& ends, std::chrono::microseconds tolerance,
           Reconciliation& result) {
    std::sort(ends.resets.begin(), ends.resets.end());
    std::sort(ends.victims.begin(), ends.victims.end());
    auto reset = ends.resets.begin();
    auto victim = ends.victims.begin();
    while (reset != ends.resets.end() && victim != ends.victims.end()) {
        const auto gap = *reset - *victim;
        if (std::chrono::abs(gap) <= tolerance) {
            ++result.matched;
            result.largest_gap = std::max(result.largest_gap, std::chrono::abs(gap));
            ++reset;
            ++victim;
        } else if (gap < std::chrono::microseconds::zero()) {
            result.only_client.push_back({endpoint.first, endpoint.second, *reset++});
        } else {
            result.only_host.push_back({endpoint.first, endpoint.second, *victim++});
        }
    }
    for (; reset != ends.resets.end(); ++reset)
        result.only_client.push_back({endpoint.first, endpoint.second, *reset});
    for (; victim != ends.victims.end(); ++victim)
        result.only_host.push_back({endpoint.first, endpoint.second, *victim});
}

} // namespace

Reconciliation reconcile(std::span<const Sighting> resets, std::span<const Sighting> victims,
                         std::chrono::microseconds tolerance) {
    Reconciliation result;
    for (auto& [endpoint, ends] : by_endpoint(resets, victims))
        match(endpoint, ends, tolerance, result);
    return result;
}

} // namespace loadgen
