// What a load consists of.
#pragma once

#include "client/arrivals.hpp"
#include "client/delay.hpp"
#include "client/engine/engine.hpp"
#include "client/engine/tls.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace loadgen {

struct Header {
    std::string name;
    std::string value;
};

struct LoadPlan {
    unsigned connections = 64; ///< attempts in flight at most, all threads together
    unsigned threads = 1;
    std::chrono::nanoseconds duration{0}; ///< attempts start for this long; those in flight then are finished
    std::optional<std::uint64_t> requests; ///< instead of a duration: this many attempts in all
    bool keep_alive = false;               ///< reuse connections; else one connection a request
    /// On a new connection between established and first byte (phase send); on a kept one before each further
    /// request (phase idle).
    Delay send_delay;
    std::optional<double>
        rate; ///< open loop: attempts started per second; else each connection starts when it is free
    ArrivalProcess arrivals = ArrivalProcess::constant;
    /// Closed loop: the connections begin spread over so long. All at once they overflow the server's
    /// backlog, and come back when their SYN is sent again, a second later.
    std::chrono::nanoseconds ramp{0};
    std::chrono::nanoseconds warm_up{0}; ///< attempts that start within it are in no figure
    Engine engine = Engine::asio;
    std::chrono::nanoseconds timeout{0};       ///< of an attempt, from its start, the send delay not counted
    std::chrono::nanoseconds resolve_every{0}; ///< how often the host is looked up again; 0: never
    std::uint64_t seed = 1;                    ///< of random delays and arrivals
    /// Where connections come from, in turn; empty: the system's choice.
    std::vector<boost::asio::ip::address> source_addresses;

    TlsOptions tls; ///< for https

    std::string method = "GET";
    std::vector<Header> headers;
    std::string body;
};

} // namespace loadgen
