#include "client/request.hpp"

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <sstream>

namespace loadgen {

std::string request_bytes(const Url& url, const LoadPlan& plan) {
    namespace http = boost::beast::http;
    http::request<http::string_body> request;
    request.version(11);
    request.method_string(plan.method);
    request.target(url.target);
    request.set(http::field::host, url.authority);
    request.set(http::field::user_agent, "loadgen");
    // Spelled out although HTTP/1.1 implies it: KB 813531's second workaround asks for a "keepalive request".
    request.set(http::field::connection, plan.keep_alive ? "keep-alive" : "close");
    request.body() = plan.body;
    request.prepare_payload();
    for (const Header& header : plan.headers)
        request.erase(header.name); // a given header replaces ours, and may then be given more than once
    for (const Header& header : plan.headers)
        request.insert(header.name, header.value);

    std::ostringstream bytes;
    bytes << request;
    return std::move(bytes).str();
}

} // namespace loadgen
