// Where a load goes: the servers, and the bytes each attempt sends.
#pragma once

#include "client/engine/tls.hpp"
#include "client/load_plan.hpp"
#include "client/servers.hpp"
#include "client/url.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace loadgen {

/// The host's name has no address; what() is one sentence naming it.
struct UnresolvedHost : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Request {
    std::string bytes;
    std::string target; ///< path and query, as they may be shown (measure/shown.hpp)
};

struct Target {
    Url url;                          ///< the first
    std::shared_ptr<Servers> servers; ///< new connections go to each in turn
    /// Addresses of the host of the other family, to which none go.
    std::vector<boost::asio::ip::tcp::endpoint> left_out;
    std::vector<Request> requests;  ///< attempts send each in turn
    std::shared_ptr<TlsClient> tls; ///< of https
    bool head_only = false;         ///< the answer to HEAD has no body, whatever its Content-Length says
};

/// Looks the host up: all its IPv4 addresses, since IIS 4/5 have no others, or else all its IPv6 addresses.
/// The URLs, one at least, must be of one server. Throws UnresolvedHost, and std::invalid_argument if they
/// are not, or if the plan's source addresses or certificates cannot be used for it.
Target make_target(std::span<const Url> urls, const LoadPlan& plan);
Target make_target(const Url& url, const LoadPlan& plan);

/// The look-up alone, as often as it is wanted.
Resolver::LookUp look_up_of(const Target& target, const LoadPlan& plan);

/// "127.0.0.1:80", or the list of them, as they are now.
std::string addresses_of(const Target& target);

/// To be asked where none of them listens: is the server up? Or does it listen where no connection goes?
std::string is_server_up(const Target& target);

} // namespace loadgen
