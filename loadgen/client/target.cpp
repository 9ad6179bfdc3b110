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

struct Found {
    std::vector<tcp::endpoint> endpoints;
    std::vector<tcp::endpoint> left_out; ///< of the other family
};

// getaddrinfo mixes the families in an order of its own, and a server that listens on one of them only is
// common.
Found resolve(const Url& url) {
    boost::asio::io_context context;
    boost::system::error_code error;
    const auto results = tcp::resolver(context).resolve(url.host, std::to_string(url.port), error);
    if (error || results.empty())
        throw UnresolvedHost(fmt::format("cannot resolve the host '{}': {}", url.host, error.message()));
    const bool any_ipv4 = std::any_of(results.begin(), results.end(),
                                      [](const auto& entry) { return entry.endpoint().address().is_v4(); });
    Found found;
    for (const auto& entry : results) {
        auto& list = entry.endpoint().address().is_v4() == any_ipv4 ? found.endpoints : found.left_out;
        if (std::find(list.begin(), list.end(), entry.endpoint()) == list.end())
            list.push_back(entry.endpoint());
    }
    return found;
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

std::vector<Server> servers_at(const std::vector<tcp::endpoint>& endpoints, const LoadPlan& plan) {
    std::vector<Server> servers;
    for (const tcp::endpoint& endpoint : endpoints) {
        check_source_addresses(plan.source_addresses, endpoint);
        servers.push_back({.endpoint = endpoint, .local_address = local_address_for(endpoint)});
    }
    return servers;
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
    Found found = resolve(first);
    target.servers = std::make_shared<Servers>(servers_at(found.endpoints, plan));
    target.left_out = std::move(found.left_out);
    return target;
}

Target make_target(const Url& url, const LoadPlan& plan) {
    return make_target(std::span(&url, 1), plan);
}

Resolver::LookUp look_up_of(const Target& target, const LoadPlan& plan) {
    return [url = target.url, plan] { return servers_at(resolve(url).endpoints, plan); };
}

std::string addresses_of(const Target& target) {
    return addresses_of(*target.servers->now());
}

std::string is_server_up(const Target& target) {
    if (target.left_out.empty())
        return "is the server up?";
    const tcp::endpoint& other = target.left_out.front();
    std::ostringstream address;
    address << other;
    return fmt::format(
        "is the server up, or does it listen at {0} only, an address of '{1}' that is left out since "
        "it has {2} ones ({3}://{0}/ goes there)?",
        address.str(), target.url.host, other.address().is_v6() ? "IPv4" : "IPv6",
        target.url.secure ? "https" : "http");
}

} // namespace loadgen
