// Where a load goes: the addresses, and the bytes each attempt sends.
#pragma once

#include "client/load_plan.hpp"
#include "client/tls.hpp"
#include "client/url.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <stdexcept>
#include <string>

namespace loadgen {

/// The host's name has no address; what() is one sentence naming it.
struct UnresolvedHost : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Target {
    Url url;
    boost::asio::ip::tcp::endpoint endpoint;
    boost::asio::ip::address local_address; ///< from where the system connects to it
    std::shared_ptr<TlsClient> tls;         ///< of https
    std::string request;
    bool head_only = false; ///< the answer to HEAD has no body, whatever its Content-Length says
};

/// Looks the host up; an IPv4 address is preferred, since IIS 4/5 have no other. Throws UnresolvedHost, and
/// std::invalid_argument if the plan's source addresses or authorities cannot be used for it.
Target make_target(const Url& url, const LoadPlan& plan);

} // namespace loadgen
