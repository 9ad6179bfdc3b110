#include "client/target.hpp"

#include "client/engine/source_address.hpp"
#include "client/request.hpp"
#include "measure/shown.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace loadgen {
namespace {

using boost::asio::ip::tcp;

// getaddrinfo mixes the families in an order of its own, and a server that listens on one of them only is
// common.
std::vector<tcp::endpoint> resolve(const Url& url) {
    boost::asio::io_context context;
    boost::system::error_code error;
    const auto found = tcp::resolver(context).resolve(url.host, std::to_string(url.port), error);
    if (error || found.empty())
        throw UnresolvedHost(fmt::format("cannot resolve the host '{}': {}", url.host, error.message()));
    const bool any_ipv4 = std::any_of(found.begin(), found.end(),
                                      [](const auto& entry) { return entry.endpoint().address().is_v4(); });
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found)
        if (entry.endpoint().address().is_v4() == any_ipv4 &&
            std::find(endpoints.begin(), endpoints.end(), entry.endpoint()) == endpoints.end())
            endpoints.push_back(entry.endpoint());
    return endpoints;
}

// Connecting a UDP socket sends nothing, and chooses the source address (connect(2)).
boost::asio::ip::address local_address_for(const tcp::endpoint& target) {
    using boost::asio::ip::udp;
    boost::asio::io_context context;
    udp::socket socket(context);
    boost::system::error_code error;
    socket.connect({target.address(), target.port()}, error);
    const auto local = error ? udp::endpoint{} : socket.local_endpoint(error);
    return local.address(); // none, if there is no way there: the load will say so
}

} // namespace

Target make_target(std::span<const Url> urls, const LoadPlan& plan) {
    const Url& first = urls.front();
    Target target{.url = first,
                  .tls = first.secure ? make_tls_client(first.host, plan.tls) : nullptr,
                  .head_only = plan.method == "HEAD"};
    for (const Url& url : urls) {
        if (url.secure != first.secure || url.authority != first.authority)
            throw std::invalid_argument(fmt::format(
                "all URLs must be of one server, and '{}' is not of that of '{}'", url.text, first.text));
        target.requests.push_back({.bytes = request_bytes(url, plan), .target = shown_target(url.target)});
    }
    for (const tcp::endpoint& endpoint : resolve(first)) {
        check_source_addresses(plan.source_addresses, endpoint);
        target.servers.push_back({.endpoint = endpoint, .local_address = local_address_for(endpoint)});
    }
    return target;
}

Target make_target(const Url& url, const LoadPlan& plan) {
    return make_target(std::span(&url, 1), plan);
}

std::string addresses_of(const Target& target) {
    std::ostringstream text;
    for (const Server& server : target.servers)
        text << (&server == &target.servers.front() ? "" : ", ") << server.endpoint;
    return std::move(text).str();
}

} // namespace loadgen
