// What a plan decides, of made-up counts: no network is needed for that.
#include "verdict/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace loadgen {

TEST_CASE("fixed rounds: a block of every variant in each, beginning one later every time") {
    for (const unsigned rounds : {1U, 2U, 5U})
        for (std::size_t variants = 1; variants <= 5; ++variants) {
            const Plan plan = fixed_rounds(rounds);
            std::vector<VariantCounts> counts(variants);
            std::vector<std::size_t> order;
            while (const auto next = plan(counts).next) {
                REQUIRE(*next < variants);
                REQUIRE(order.size() < rounds * variants);
                order.push_back(*next);
                counts[*next].blocks.push_back({0, 10});
            }
            REQUIRE(order.size() == rounds * variants);
            for (std::size_t round = 0; round < rounds; ++round) {
                const auto begin = order.begin() + static_cast<std::ptrdiff_t>(round * variants);
                std::vector<std::size_t> of_round(begin, begin + static_cast<std::ptrdiff_t>(variants));
                CHECK(of_round.front() == round % variants);
                std::sort(of_round.begin(), of_round.end());
                for (std::size_t i = 0; i < variants; ++i)
                    CHECK(of_round[i] == i);
            }
        }
    CHECK_FALSE(fixed_rounds(3)({}).next);
}

TEST_CASE("what was counted decides, however it came about") {
    const Plan plan = fixed_rounds(2);
    const std::vector<VariantCounts> counts = {{.blocks = {{1, 10}}}, {.blocks = {{0, 10}}}, {.blocks = {}}};
    CHECK(plan(counts).next == 2);
    CHECK(plan(counts).next == 2); // it has no memory
}

} // namespace loadgen
