// What a client must make of a script: worked out from HTTP (RFC 9112) and TCP (RFC 9293) alone. It knows
// nothing of how the client is written; what it knows of loadgen are its words, as design.md has them: what
// the phases and causes are, and when an attempt is over.
#pragma once

#include "measure/outcome.hpp"
#include "tests/script_server/script.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace loadgen {

/// The client's side of an attempt.
struct Circumstances {
    bool keep_alive = false; ///< it asked for the connection to be kept; else for it to be closed
    bool head_only = false;
    bool reused = false; ///< the connection had carried a request before
    bool tls = false;
};

/// One way in which an attempt may end.
struct Way {
    bool answered = false;
    std::optional<Outcome> failure;
    std::uint64_t fewest_bytes = 0; ///< of those read
    std::uint64_t most_bytes = 0;
};

/// All ways in which an attempt may end to which the server does this. More than one where the system leaves
/// it open.
std::vector<Way> ways_of(const Script& script, const Circumstances& circumstances);

/// The server goes on with the connection after it.
bool serves_on(const Script& script, const Circumstances& circumstances);

/// What the server does to a connection before it has read anything from it.
enum class Reception {
    normal,  ///< serves it
    reset,   ///< RST at once
    fin,     ///< closes at once
    half,    ///< closes its side at once, and reads until the client closes
    garbage, ///< sends what is no HTTP, and closes
    unasked, ///< sends a whole answer and closes its side, and reads until the client closes
};

/// How an attempt may fail that meets with this. `tls`: the connection was let in, TLS and all.
std::vector<Outcome> failures_of(Reception reception, bool tls);

/// How the next attempt on a kept connection may fail, by what the server did after the last answer; empty:
/// there can be no such attempt.
std::vector<Outcome> aftermath_of(const Script& script, const Circumstances& circumstances);

} // namespace loadgen
