// Resets against victims: by hand, and random ones against every way to pair them.
#include "verdict/reconciliation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
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

// The fewest that stay without a partner, at rest or not: each reset in turn has any victim, or none.
std::size_t fewest_alone(const std::vector<Sighting>& resets, std::vector<Sighting> victims,
                         std::size_t from = 0) {
    if (from == resets.size())
        return static_cast<std::size_t>(std::count_if(
            victims.begin(), victims.end(), [](const Sighting& victim) { return !victim.at_rest; }));
    const Sighting& reset = resets[from];
    std::size_t fewest = 1 + fewest_alone(resets, victims, from + 1);
    for (std::size_t i = 0; i < victims.size(); ++i)
        if (victims[i].port == reset.port && std::chrono::abs(victims[i].time - reset.time) <= tolerance) {
            std::vector<Sighting> others = victims;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
            fewest = std::min(fewest, fewest_alone(resets, others, from + 1));
        }
    return fewest;
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

TEST_CASE("no way to pair them leaves fewer alone") {
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
        CHECK(found.only_client.size() + found.only_host.size() == fewest_alone(resets, victims));
        CHECK(found.matched + found.only_client.size() == resets.size());
        CHECK(found.matched + found.only_host.size() + found.unseen == victims.size());
        CHECK(found.largest_gap <= tolerance);
    }
}

} // namespace loadgen
