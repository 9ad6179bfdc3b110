#include "verdict/reconciliation.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace loadgen {
namespace {

using std::chrono::microseconds;
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

struct Cost {
    std::size_t contradictions = 0; // sightings of one end that the other must have had
    microseconds gaps{0};           // between the two times of all pairs

    bool operator==(const Cost&) const = default;
    bool operator<(const Cost& other) const {
        return contradictions != other.contradictions ? contradictions < other.contradictions
                                                      : gaps < other.gaps;
    }
    Cost operator+(const Cost& other) const {
        return {contradictions + other.contradictions, gaps + other.gaps};
    }
};

// What one port had in a while, each end's in order of time, and the cheapest way to pair it. That keeps the
// order: of two pairs that cross, the other two are no farther apart.
class Pairing {
  public:
    Pairing(std::span<const Sighting> resets, std::span<const Sighting> victims, microseconds tolerance)
        : resets_(resets),
          victims_(victims),
          tolerance_(tolerance),
          costs_((resets.size() + 1) * (victims.size() + 1)) {
        for (std::size_t i = resets.size() + 1; i-- > 0;)
            for (std::size_t j = victims.size() + 1; j-- > 0;)
                if (i < resets.size() || j < victims.size())
                    cost(i, j) = std::min({of_pair(i, j), of_reset_alone(i, j), of_victim_alone(i, j)});
    }

    void add_to(Reconciliation& result) {
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < resets_.size() || j < victims_.size())
            if (cost(i, j) == of_pair(i, j)) {
                ++result.matched;
                result.largest_gap = std::max(result.largest_gap, gap(i++, j++));
            } else if (cost(i, j) == of_reset_alone(i, j)) {
                result.only_client.push_back(resets_[i++]);
            } else if (victims_[j].at_rest) {
                ++result.unseen;
                ++j;
            } else {
                result.only_host.push_back(victims_[j++]);
            }
    }

  private:
    // Of the resets from i on and the victims from j on.
    Cost& cost(std::size_t i, std::size_t j) { return costs_[i * (victims_.size() + 1) + j]; }

    static constexpr Cost impossible{std::numeric_limits<std::size_t>::max(), microseconds{0}};

    microseconds gap(std::size_t i, std::size_t j) const {
        return std::chrono::abs(resets_[i].time - victims_[j].time);
    }
    Cost of_pair(std::size_t i, std::size_t j) {
        if (i == resets_.size() || j == victims_.size() || gap(i, j) > tolerance_)
            return impossible;
        return cost(i + 1, j + 1) + Cost{0, gap(i, j)};
    }
    Cost of_reset_alone(std::size_t i, std::size_t j) {
        return i == resets_.size() ? impossible : cost(i + 1, j) + Cost{1, {}};
    }
    Cost of_victim_alone(std::size_t i, std::size_t j) {
        return j == victims_.size() ? impossible : cost(i, j + 1) + Cost{victims_[j].at_rest ? 0U : 1U, {}};
    }

    std::span<const Sighting> resets_;
    std::span<const Sighting> victims_;
    microseconds tolerance_;
    std::vector<Cost> costs_;
};

// How many of each come before the first pause that is longer than the tolerance: nothing before it belongs
// to anything after it.
std::pair<std::size_t, std::size_t> before_pause(std::span<const Sighting> resets,
                                                 std::span<const Sighting> victims, microseconds tolerance) {
    std::size_t i = 0;
    std::size_t j = 0;
    microseconds last{0};
    while (i < resets.size() || j < victims.size()) {
        const bool reset_is_next =
            j == victims.size() || (i < resets.size() && resets[i].time <= victims[j].time);
        const microseconds time = reset_is_next ? resets[i].time : victims[j].time;
        if (i + j > 0 && time - last > tolerance)
            break;
        last = time;
        ++(reset_is_next ? i : j);
    }
    return {i, j};
}

void match(BothEnds& ends, microseconds tolerance, Reconciliation& result) {
    const auto earlier = [](const Sighting& a, const Sighting& b) { return a.time < b.time; };
    std::sort(ends.resets.begin(), ends.resets.end(), earlier);
    std::sort(ends.victims.begin(), ends.victims.end(), earlier);
    std::span<const Sighting> resets = ends.resets;
    std::span<const Sighting> victims = ends.victims;
    while (!resets.empty() || !victims.empty()) {
        const auto [i, j] = before_pause(resets, victims, tolerance);
        Pairing(resets.first(i), victims.first(j), tolerance).add_to(result);
        resets = resets.subspan(i);
        victims = victims.subspan(j);
    }
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
