#include "client/request.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace loadgen {
namespace {

namespace http = boost::beast::http;

template <class... Values>
[[noreturn]] void refuse(fmt::format_string<Values...> sentence, Values&&... values) {
    throw std::invalid_argument(fmt::format(sentence, std::forward<Values>(values)...));
}

std::vector<std::string> values_of(const LoadPlan& plan, std::string_view name) {
    std::vector<std::string> values;
    for (const Header& header : plan.headers)
        if (boost::beast::iequals(header.name, name))
            values.push_back(header.value);
    return values;
}

bool is_given(const LoadPlan& plan, std::string_view name) {
    return !values_of(plan, name).empty();
}

// Several lines of a list are one list (RFC 9110, 5.3).
std::string list_of(const LoadPlan& plan, std::string_view name) {
    return fmt::format("{}", fmt::join(values_of(plan, name), ", "));
}

bool has_token(const std::string& list, std::string_view token) {
    return http::token_list{list}.exists({token.data(), token.size()});
}

// RFC 9112, 6.1: chunked once, and last, or nobody knows where the request ends.
void check_transfer_encoding(const LoadPlan& plan) {
    if (!is_given(plan, "Transfer-Encoding"))
        return;
    const std::string list = list_of(plan, "Transfer-Encoding");
    if (is_given(plan, "Content-Length"))
        refuse("--header: Transfer-Encoding and Content-Length exclude each other (RFC 9112, 6.2); leave out "
               "Content-Length");
    std::size_t times = 0;
    std::string last;
    for (const auto& coding : http::ext_list{list}) {
        last = std::string(coding.first);
        times += boost::beast::iequals(coding.first, "chunked") ? 1 : 0;
    }
    if (times != 1 || !boost::beast::iequals(last, "chunked"))
        refuse("--header 'Transfer-Encoding: {}': a request's last coding must be chunked, and chunked only "
               "once (RFC 9112, 6.1); the body is then sent in chunks",
               list);
}

std::optional<std::uint64_t> number_in(const std::string& text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end)
        return std::nullopt;
    return number;
}

// What exceeds the length that is given would be the next request.
void check_content_length(const LoadPlan& plan) {
    const auto given = values_of(plan, "Content-Length");
    if (given.empty())
        return;
    const auto length = number_in(given.front());
    if (given.size() > 1 || !length)
        refuse("--header 'Content-Length: {}' is not one number; leave it out, it is added by itself",
               fmt::join(given, ", "));
    if (*length < plan.body.size())
        refuse("--header 'Content-Length: {}' is less than the body's length, {}: the server would take the "
               "rest "
               "for the next request; leave it out, it is added by itself",
               *length, plan.body.size());
}

// What the client does and what the header says must be the same, or one waits for the other.
void check_connection(const LoadPlan& plan) {
    const std::string list = list_of(plan, "Connection");
    if (!plan.keep_alive && has_token(list, "keep-alive"))
        refuse("--header 'Connection: {}' asks for what --keep-alive does; give that option instead", list);
    if (plan.keep_alive && has_token(list, "close"))
        refuse("--header 'Connection: {}' and --keep-alive contradict each other; leave one of them out",
               list);
}

void check_headers(const LoadPlan& plan) {
    check_transfer_encoding(plan);
    check_content_length(plan);
    check_connection(plan);
    if (values_of(plan, "Host").size() > 1)
        refuse("--header: Host may be given only once (RFC 9112, 3.2)");
    if (is_given(plan, "Upgrade"))
        refuse(
            "--header 'Upgrade: {}': loadgen speaks HTTP/1.1 only, and a server that agreed (101) would not; "
            "leave it out",
            list_of(plan, "Upgrade"));
    if (has_token(list_of(plan, "Expect"), "100-continue") && plan.body.empty() && !stalled_upload(plan))
        refuse("--header 'Expect: 100-continue' needs a body (RFC 9110, 10.1.1): give --body or --body-file");
}

void check_method(const LoadPlan& plan) {
    if (plan.method == "CONNECT")
        refuse("--method CONNECT asks a proxy for a tunnel, which loadgen does not use; choose another");
    if (plan.method == "TRACE" && !plan.body.empty())
        refuse("--method TRACE may have no body (RFC 9110, 9.3.8); leave out --body");
}

// As many clients do it: what they have read at a time is a chunk.
std::string in_chunks(std::string_view body) {
    constexpr std::size_t longest = std::size_t{16} * 1024;
    std::string text;
    for (std::size_t begin = 0; begin < body.size(); begin += longest) {
        const std::string_view chunk = body.substr(begin, longest);
        text += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
    }
    return text + "0\r\n\r\n";
}

} // namespace

std::string request_bytes(const Url& url, const LoadPlan& plan) {
    check_method(plan);
    check_headers(plan);
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
    const bool chunked = is_given(plan, "Transfer-Encoding");
    if (chunked) {
        request.erase(http::field::content_length);
        request.set(http::field::transfer_encoding, list_of(plan, "Transfer-Encoding"));
    }
    // It may name headers that are for the next server only. Whether the connection stays is not its to say.
    if (is_given(plan, "Connection")) {
        const std::string list = list_of(plan, "Connection");
        const bool says_enough = plan.keep_alive || has_token(list, "close");
        request.set(http::field::connection, says_enough ? list : list + ", close");
    }

    std::ostringstream bytes;
    bytes << request.base() << (chunked ? in_chunks(plan.body) : plan.body);
    return std::move(bytes).str();
}

std::optional<std::string> stalled_upload(const LoadPlan& plan) {
    const auto given = values_of(plan, "Content-Length");
    const auto length = given.size() == 1 ? number_in(given.front()) : std::nullopt;
    if (!length || *length <= plan.body.size())
        return std::nullopt;
    return fmt::format(
        "the header says Content-Length {}, and the body's length is {}: a server that waits for "
        "the rest waits until --timeout",
        *length, plan.body.size());
}

} // namespace loadgen
