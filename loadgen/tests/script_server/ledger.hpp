// What a script server did, for holding against what its client says.
#pragma once

#include "tests/script_server/expectation.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace loadgen {

/// A request that was read, its head at least.
struct Serving {
    std::size_t script; ///< number of the script: what the request asked for
    bool reused;        ///< the connection had carried another before
};

/// The server said something unasked, or its end, and then bytes of the client came: written before the
/// client's kernel had the server's, or after.
struct LateBytes {
    std::chrono::nanoseconds age; ///< of what the server had done, when they arrived, by the kernel's clock
    bool were_looked_for;         ///< the client last looked when its kernel had what the server had done
    bool were_not_looked_for;     ///< it did not look at all, or not since its last response
};

struct LedgerConnection {
    std::uint16_t client_port = 0;
    Reception reception = Reception::normal;
    std::vector<Serving> servings;      ///< in order
    Unasked unasked = Unasked::nothing; ///< it said, at reception or at rest
    bool is_read_on = false;            ///< the server read to the client's end: it knows of all late bytes
    bool was_asked = false;             ///< then, bytes came
    std::optional<LateBytes> late;      ///< the first
};

using Ledger = std::vector<LedgerConnection>; ///< in the order of their acceptance

} // namespace loadgen
