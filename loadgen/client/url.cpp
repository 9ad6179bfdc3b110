#include "client/url.hpp"

#include "measure/shown.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace loadgen {

Url parse_url(std::string_view given) {
    const auto parsed = boost::urls::parse_uri({given.data(), given.size()});
    const std::string text = shown_url(given);
    // Boost 1.81 takes what follows the colon of http://h:pa/ for the path.
    const auto is_path = [](std::string_view path) { return path.empty() || path.front() == '/'; };
    if (!parsed || !parsed->has_authority() || !is_path(std::string(parsed->encoded_path())))
        throw std::invalid_argument(
            fmt::format("'{}' is not a URL of the form http://host[:port]/path", text));

    const boost::urls::url_view& view = *parsed;
    const std::string_view scheme{view.scheme().data(), view.scheme().size()};
    if (scheme != "http" && scheme != "https")
        throw std::invalid_argument(
            fmt::format("'{}': only http:// and https:// can be loaded, not {}://", text, scheme));
    if (view.encoded_host_address().empty())
        throw std::invalid_argument(fmt::format("'{}' has no host", text));
    const std::string host = view.host_address();
    if (view.has_userinfo() || host.find('@') != std::string::npos) // encoded, too
        throw std::invalid_argument(fmt::format(
            "'{}': a user in the URL is not supported; send it with -H 'Authorization: ...'", text));

    Url url;
    url.text = text;
    url.secure = scheme == "https";
    url.port = url.secure ? 443 : 80;
    const std::uint16_t usual_port = url.port;
    url.host = host;
    url.authority = std::string(view.encoded_host());
    if (view.has_port() && !view.port().empty()) {
        const std::string_view port{view.port().data(), view.port().size()};
        const auto [rest, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (error != std::errc{} || url.port == 0)
            throw std::invalid_argument(fmt::format("'{}': the port must be 1 to 65535", text));
        if (url.port != usual_port)
            url.authority += fmt::format(":{}", url.port);
    }
    url.target = std::string(view.encoded_resource());
    if (const auto fragment = url.target.find('#'); fragment != std::string::npos)
        url.target.erase(fragment);
    if (url.target.empty() || url.target.front() != '/')
        url.target.insert(url.target.begin(), '/');
    return url;
}

} // namespace loadgen
