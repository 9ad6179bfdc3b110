#include "base/counters.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace host {

std::string to_line(const Counters& counters) {
    static constexpr auto table = std::to_array<std::pair<const char*, Counter Counters::*>>({
        {"accepted", &Counters::accepted},
        {"requests", &Counters::requests},
        {"answers", &Counters::answers},
        {"kept", &Counters::kept},
        {"errors", &Counters::errors},
        {"victims", &Counters::victims},
        {"harmless_cancels", &Counters::harmless_cancels},
        {"unclear_cancels", &Counters::unclear_cancels},
        {"cancelled_reads", &Counters::cancelled_reads},
        {"cancelled_calls", &Counters::cancelled_calls},
        {"failed_accepts", &Counters::failed_accepts},
        {"empty_connections", &Counters::empty_connections},
        {"lost_accepts", &Counters::lost_accepts},
        {"accept_timeouts", &Counters::accept_timeouts},
        {"connection_timeouts", &Counters::connection_timeouts},
    });
    std::string line;
    for (const auto& [name, counter] : table)
        line += fmt::format("{}{}={}", line.empty() ? "" : " ", name, (counters.*counter).value());
    return line;
}

} // namespace host
