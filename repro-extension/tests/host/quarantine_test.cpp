// Quarantine against a model of it: what was made, what has ended, and in which order.
#include "base/quarantine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <stdexcept>

namespace {

constexpr int nothing = -1;

struct Thing {
    static inline int alive = 0;
    explicit Thing(int number) : id(number) {
        if (number < 0)
            throw std::runtime_error("no thing");
        ++alive;
    }
    Thing(const Thing&) = delete;
    Thing& operator=(const Thing&) = delete;
    ~Thing() { --alive; }
    int id;
};

} // namespace

TEST_CASE("random makings and endings: each address is its own object's until its place is used again") {
    const unsigned seed = std::random_device()();
    for (unsigned one = seed; one < seed + 300; ++one) {
        CAPTURE(one);
        std::mt19937 random(one);
        const auto up_to = [&random](std::size_t most) {
            return std::uniform_int_distribution<std::size_t>(0, most)(random);
        };
        const std::size_t most = 1 + up_to(20);
        const std::size_t kept = up_to(20);
        host::Quarantine<Thing> things(most, kept);
        std::map<Thing*, int> known; // every address there ever was, with whose it is
        std::vector<Thing*> live;
        std::deque<Thing*> ended;
        for (int i = 0; i < 400; ++i) {
            if (up_to(19) == 0 && live.size() < most) { // what cannot be made
                REQUIRE_THROWS_AS((void)things.make(-1), std::runtime_error);
                if (ended.size() > kept || (known.size() == most && !ended.empty()))
                    known[ended.front()] = nothing; // its place is empty, until the next has it
                continue;
            }
            if (up_to(1) == 0) {
                Thing* const made = things.make(i);
                if (made == nullptr) {
                    REQUIRE(live.size() == most);
                    continue;
                }
                REQUIRE(live.size() < most);
                if (known.contains(made)) { // the one that ended first, and only late enough
                    REQUIRE(!ended.empty());
                    REQUIRE(made == ended.front());
                    REQUIRE((ended.size() > kept || known.size() == most));
                    ended.pop_front();
                } else {
                    REQUIRE(ended.size() <= kept);
                }
                REQUIRE(made->id == i);
                known[made] = i;
                live.push_back(made);
            } else if (!live.empty()) {
                const std::size_t which = up_to(live.size() - 1);
                things.end(*live[which]);
                ended.push_back(live[which]);
                live.erase(live.begin() + static_cast<std::ptrdiff_t>(which));
            }
            for (const auto& [address, id] : known)
                REQUIRE(things.find(address, [](const Thing* thing) {
                    return thing == nullptr ? nothing : thing->id;
                }) == id);
        }
        REQUIRE(Thing::alive ==
                std::ranges::count_if(known, [](auto& entry) { return entry.second != nothing; }));
        const auto is_known = [&things](const void* address) {
            return things.find(address, [](const Thing* thing) { return thing != nullptr; });
        };
        CHECK_FALSE(is_known(nullptr));
        CHECK_FALSE(is_known(&things));
        for (const auto& [address, id] : known)
            CHECK_FALSE(is_known(reinterpret_cast<const char*>(address) + 1));
    }
    CHECK(Thing::alive == 0);
}
