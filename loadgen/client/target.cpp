#include "client/target.hpp"

#include "client/request.hpp"
#include "client/source_address.hpp"

#include <boost/asio/io_context.hpp>

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

} // namespace

Target make_target(const Url& url, const LoadPlan& plan) {
    const tcp::endpoint endpoint = resolve(url);
    check_source_addresses(plan.source_addresses, endpoint);
    return {.url = url,
            .endpoint = endpoint,
            .tls = url.secure ? std::make_shared<TlsClient>(url.host, plan.tls) : nullptr,
            .request = request_bytes(url, plan),
            .head_only = plan.method == "HEAD"};
}

} // namespace loadgen
