// Does what loadgen says of a load agree with the ledger of the server, attempt by attempt?
#pragma once

#include "client/load_plan.hpp"
#include "measure/recording.hpp"
#include "tests/script_server/script_server.hpp"

#include <optional>
#include <string>
#include <vector>

namespace loadgen {

/// What was asked for and what both ends say.
struct Evidence {
    const LoadPlan& plan;
    const Play& play;
    const Ledger& ledger;
    const Recording& recording;
};

/// What loadgen and the ledger say differently.
struct Disagreement {
    std::string what;
    std::optional<std::size_t> script; ///< number of the script that it is about, where it is about one
};

std::vector<Disagreement> disagreements(const Evidence& evidence);

} // namespace loadgen
