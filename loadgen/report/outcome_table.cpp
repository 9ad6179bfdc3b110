#include "report/outcome_table.hpp"

#include "report/numbers.hpp"

#include <algorithm>

namespace loadgen {

std::vector<std::vector<std::string>> outcome_rows(const Counters& counters) {
    std::vector<Phase> phases;
    for (const Phase phase : all_phases)
        if (std::any_of(all_causes.begin(), all_causes.end(), [&](Cause cause) {
                return counters.at({cause, phase}) > 0;
            }))
            phases.push_back(phase);
    if (phases.empty())
        return {};

    std::vector<std::vector<std::string>> rows = {{"failures"}};
    for (const Phase phase : phases)
        rows.front().emplace_back(name(phase));
    rows.front().emplace_back("of attempts");
    for (const Cause cause : all_causes) {
        if (counters.of(cause) == 0)
            continue;
        rows.push_back({std::string(name(cause))});
        for (const Phase phase : phases) {
            const std::uint64_t count = counters.at({cause, phase});
            rows.back().push_back(count == 0 ? "-" : grouped(count));
        }
        rows.back().push_back(
            percent(static_cast<double>(counters.of(cause)) / static_cast<double>(counters.attempts)));
    }
    return rows;
}

} // namespace loadgen
