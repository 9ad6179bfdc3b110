#include "verdict.hpp"

#include <fmt/format.h>

namespace probe {
namespace {

/// What isapi-host rests on: what it posts has a buffer, and has not completed when its thread exits.
bool matters(const Case& what) {
    return what.ended_by == EndedBy::thread_exit && what.port && what.event != Event::low_bit &&
           what.client != ClientKind::has_sent && what.length > 0;
}

} // namespace

std::optional<std::string> otherwise(std::span<const Row> rows) {
    for (const auto& row : rows) {
        if (!matters(row.what))
            continue;
        const bool cancels = row.what.event == Event::set;
        if (cancels && (row.cancelled != "yes" || row.packet != "995"))
            return fmt::format("With a port and an event an AcceptEx is not cancelled with its packet at the "
                               "exit of its thread ({}): cancelled: {}, packet: {}.",
                               describe(row.what), row.cancelled, row.packet);
        if (!cancels && (row.cancelled != "no, pending" || row.packet != "none" || row.later != "completes"))
            return fmt::format("With a port and no event an AcceptEx does not outlive its thread ({}): "
                               "cancelled: {}, packet: {}, bytes that come later: {}.",
                               describe(row.what), row.cancelled, row.packet, row.later);
    }
    return {};
}

} // namespace probe
