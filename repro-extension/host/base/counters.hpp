// What the host counts.
#pragma once

#include "base/counter.hpp"

#include <string>

namespace host {

/// What the host did since it started.
struct Counters {
    Counter accepted;            ///< connections whose AcceptEx completed well
    Counter requests;            ///< whole requests given to an extension
    Counter answers;             ///< of those, completed with something sent
    Counter kept;                ///< of those, completed with the connection kept
    Counter errors;              ///< answers of the host itself: 400, 404, 500, 503
    Counter victims;             ///< connections reset because their AcceptEx died with its thread
    Counter harmless_cancels;    ///< AcceptEx that died with their thread with nobody connected
    Counter unclear_cancels;     ///< the same, and the system does not tell whether somebody was
    Counter cancelled_reads;     ///< kept connections whose read died with its thread
    Counter cancelled_calls;     ///< asynchronous calls that died with the extension's thread
    Counter failed_accepts;      ///< AcceptEx that failed otherwise: mostly clients' resets
    Counter empty_connections;   ///< clients that closed without sending a byte
    Counter lost_accepts;        ///< AcceptEx whose bytes Wine lost at thread exit: Listener
    Counter accept_timeouts;     ///< connections closed by --accept-timeout
    Counter connection_timeouts; ///< connections closed by --connection-timeout
};

/// All of them in one line, `accepted=12 requests=12 ...`.
std::string to_line(const Counters& counters);

} // namespace host
