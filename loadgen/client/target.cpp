#include "client/target.hpp"

#include "client/request.hpp"
#include "client/source_address.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace loadgen {
namespace {

using boost::asio::ip::tcp;

tcp::endpoint resolve(const Url& url) {
    boost::asio::io_context context;
    boost::system::error_code error;
    const auto found = tcp::resolver(context).resolve(url.host, std::to_string(url.port), error);
    if (error || found.empty())
        throw UnresolvedHost(fmt::format("cannot resolve the host '{}': {}", url.host, error.message()));
    const auto ipv4 = std::find_if(found.begin(), found.end(),
                                   [](const auto& entry) { return entry.endpoint().address().is_v4(); });
    return (ipv4 != found.end() ? ipv4 : found.begin())->endpoint();
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

Target make_target(const Url& url, const LoadPlan& plan) {
    const tcp::endpoint endpoint = resolve(url);
    check_source_addresses(plan.source_addresses, endpoint);
    return {.url = url,
            .endpoint = endpoint,
            .local_address = local_address_for(endpoint),
            .tls = url.secure ? std::make_shared<TlsClient>(url.host, plan.tls) : nullptr,
            .request = request_bytes(url, plan),
            .head_only = plan.method == "HEAD"};
}

} // namespace loadgen
