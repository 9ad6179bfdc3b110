#include "row.hpp"

namespace probe {
namespace {

constexpr std::array results = {
    &Row::cancelled,    &Row::packet,        &Row::connect_time, &Row::peer,           &Row::update_context,
    &Row::peer_updated, &Row::client_before, &Row::client_plain, &Row::client_linger0, &Row::later};

} // namespace

Fields fields_of(const Row& row) {
    return {{{"ended_by", std::string(name_of(row.what.ended_by))},
             {"port", row.what.port ? "yes" : "no"},
             {"event", std::string(name_of(row.what.event))},
             {"client", std::string(name_of(row.what.client))},
             {"length", std::to_string(row.what.length)},
             {"cancelled", row.cancelled},
             {"packet", row.packet},
             {"connect_time", row.connect_time},
             {"peer", row.peer},
             {"update_context", row.update_context},
             {"peer_updated", row.peer_updated},
             {"client_before", row.client_before},
             {"client_plain", row.client_plain},
             {"client_linger0", row.client_linger0},
             {"later", row.later}}};
}

void merge(Row& row, const Row& other) {
    for (const auto result : results) {
        auto& here = row.*result;
        const auto& there = other.*result;
        if (here == "-")
            here = there;
        else if (there != "-" && there != here)
            here += " or " + there;
    }
}

} // namespace probe
