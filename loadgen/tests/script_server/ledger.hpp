// What a script server did, for holding against what its client says.
#pragma once

#include "tests/script_server/expectation.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loadgen {

/// A request that was read, its head at least.
struct Serving {
    std::size_t script; ///< number of the script: what the request asked for
    bool reused;        ///< the connection had carried another before
};

struct LedgerConnection {
    std::uint16_t client_port = 0;
    Reception reception = Reception::normal;
    std::vector<Serving> servings; ///< in order
};

using Ledger = std::vector<LedgerConnection>; ///< in the order of their acceptance

} // namespace loadgen
