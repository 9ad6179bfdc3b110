// The ways in which a server can fail its client, each with the cell it has to be counted in.
#pragma once

#include "measure/outcome.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace loadgen {

/// When the server turns on its client.
enum class Moment {
    handshake,     ///< it doesn't accept; befalls every connection
    accept,        ///< the connection is established, and nothing has been read
    unread,        ///< the request has come, and lies unread in the receive buffer
    mid_request,   ///< the request has begun to come, and more of it is under way
    after_request, ///< the request has been read
};

/// What the server does when it has said its words.
enum class Ending {
    reset,          ///< RST
    close,          ///< FIN; the kernel makes it a RST if anything is unread
    fin_then_reset, ///< FIN, and at once a RST
    silence,        ///< nothing, until the client closes
    surplus,        ///< a little later some bytes that belong to no answer, then FIN
    trickle,        ///< a byte of `repeats` every second
    flood,          ///< `repeats` over and over again, until the client closes
};

/// What the client must do for the fault to come out in its cell.
struct Demand {
    bool pause = false;        ///< wait before the first byte of a request (--send-delay)
    bool keep_alive = false;   ///< keep its connections
    bool long_request = false; ///< send more than the socket buffers hold
    bool patience = false;     ///< wait: nothing but its own time-out ends the attempt
};

struct Fault {
    std::string_view name;
    Moment moment = Moment::after_request;
    std::string_view says = {};
    Ending ending = Ending::reset;
    Outcome cell{}; ///< on a new connection; on one that has carried a request, `await` is called `reuse`
    std::optional<Outcome> or_else = {}; ///< where the operating system makes no difference between two cells
    Demand demand = {};
    std::string_view repeats = {};
    bool harmless =
        false; ///< no attempt fails: it goes on over a new connection, and is counted as an idle close

    /// An answer was complete before the fault came.
    bool answers() const { return harmless || cell.phase == Phase::finish; }
};

/// Every fault there is.
std::span<const Fault> all_faults();

/// nullptr when there is none of that name.
const Fault* fault_named(std::string_view name);

} // namespace loadgen
