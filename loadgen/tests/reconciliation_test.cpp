// Resets against victims: by hand, and random ones against every way to pair them.
#include "verdict/reconciliation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace loadgen {
namespace {

using std::chrono::microseconds;

constexpr microseconds tolerance{100};

Sighting at(std::uint16_t port, int time) {
    return {"127.0.0.1", port, microseconds{time}};
}

Sighting at_rest(std::uint16_t port, int time) {
    return {"127.0.0.1", port, microseconds{time}, true};
}

Reconciliation run(const std::vector<Sighting>& resets, const std::vector<Sighting>& victims) {
    return reconcile(resets, victims, tolerance);
}

struct Least {
    std::size_t alone = 0;   // without a partner, and not at rest
    microseconds gaps{0};    // between the two times of all pairs
    microseconds largest{0}; // of these

    auto key() const { return std::tie(alone, gaps); }
};

// Of all ways to pair them the ones that leave the fewest alone, and have the nearest times: each reset in
// turn has any victim, or none.
std::vector<Least> best(const std::vector<Sighting>& resets, const std::vector<Sighting>& victims,
                        const Least& so_far = {}, std::size_t from = 0) {
    if (from == resets.size()) {
        Least end = so_far;
        for (const Sighting& victim : victims)
            end.alone += victim.at_rest ? 0 : 1;
        return {end};
    }
    const Sighting& reset = resets[from];
    std::vector<Least> found;
    const auto add = [&](const std::vector<Sighting>& others, Least then) {
        for (const Least& way : best(resets, others, then, from + 1)) {
            if (!found.empty() && way.key() < found.front().key())
                found.clear();
            if (found.empty() || way.key() == found.front().key())
                found.push_back(way);
        }
    };
    add(victims, {so_far.alone + 1, so_far.gaps, so_far.largest});
    for (std::size_t i = 0; i < victims.size(); ++i) {
        const microseconds gap = std::chrono::abs(victims[i].time - reset.time);
        if (victims[i].port != reset.port || gap > tolerance)
            continue;
        std::vector<Sighting> others = victims;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        add(others, {so_far.alone, so_far.gaps + gap, std::max(so_far.largest, gap)});
    }
    return found;
}

std::string told(const std::vector<Sighting>& sightings) {
    std::string text;
    for (const Sighting& sighting : sightings)
        text += std::to_string(sighting.port) + "@" + std::to_string(sighting.time.count()) +
                (sighting.at_rest ? " at rest, " : ", ");
    return text;
}

} // namespace

TEST_CASE("resets and victims by hand") {
    CHECK(run({at(1, 10), at(2, 20)}, {at(2, 25), at(1, 10)}).complete());
    CHECK(run({at(1, 10), at(2, 20)}, {at(2, 25), at(1, 10)}).largest_gap == microseconds{5});
    // A port used twice is matched in order of time; the middle one is nobody's.
    const Reconciliation reused = run({at(1, 1'010), at(1, 10)}, {at(1, 0), at(1, 500), at(1, 1'000)});
    CHECK(reused.matched == 2);
    REQUIRE(reused.only_host.size() == 1);
    CHECK(reused.only_host.front().time == microseconds{500});
    const Reconciliation far = run({at(1, 0)}, {at(1, 101)});
    CHECK(far.only_client.size() == 1);
    CHECK(far.only_host.size() == 1);
    CHECK(run({at(1, 0)}, {{"10.0.0.1", 1, microseconds{0}}}).matched == 0);
    // A client that has closed its connection at rest sees no reset of it; that of another one it does.
    const Reconciliation closed = run({at(1, 10)}, {at(1, 0), at_rest(1, 500)});
    CHECK(closed.complete());
    CHECK(closed.unseen == 1);
    CHECK(run({at(1, 510)}, {at_rest(1, 500)}).unseen == 0);
    CHECK(run({at(1, 510)}, {at_rest(1, 500)}).matched == 1);
}

TEST_CASE("a port that a client used again: the victim at rest is the one that nobody saw") {
    const Reconciliation again = run({at(1, 90)}, {at_rest(1, 0), at(1, 80)});
    CHECK(again.complete());
    CHECK(again.unseen == 1);
    CHECK(again.largest_gap == microseconds{10});
}

TEST_CASE("no way to pair them leaves fewer alone, or has nearer times") {
    for (unsigned seed = 1; seed <= 3'000; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
        std::vector<Sighting> resets(random() % 5);
        std::vector<Sighting> victims(random() % 5);
        const unsigned span = 1 + static_cast<unsigned>(random() % 600);
        for (Sighting& reset : resets)
            reset = at(static_cast<std::uint16_t>(1 + random() % 2), below(span));
        for (Sighting& victim : victims) {
            victim = at(static_cast<std::uint16_t>(1 + random() % 2), below(span));
            victim.at_rest = random() % 2 == 0;
        }
        CAPTURE(seed);
        CAPTURE(told(resets));
        CAPTURE(told(victims));
        const Reconciliation found = run(resets, victims);
        const std::vector<Least> ways = best(resets, victims);
        CHECK(found.only_client.size() + found.only_host.size() == ways.front().alone);
        CHECK(std::any_of(ways.begin(), ways.end(),
                          [&](const Least& way) { return way.largest == found.largest_gap; }));
        CHECK(found.matched + found.only_client.size() == resets.size());
        CHECK(found.matched + found.only_host.size() + found.unseen == victims.size());
    }
}

} // namespace loadgen
