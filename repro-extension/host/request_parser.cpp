#include "request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <iterator>
#include <optional>
#include <utility>

namespace host {
namespace http = boost::beast::http;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

std::string Request::header(std::string_view name, bool* found) const {
    std::string joined;
    bool any = false;
    for (const Header& header : headers) {
        if (equal_ignoring_case(header.name, name)) {
            joined += (any ? ", " : "") + header.value;
            any = true;
        }
    }
    if (found != nullptr)
        *found = any;
    return joined;
}

namespace {

using Fields = http::fields;

std::size_t times(const Fields& fields, http::field name) {
    const auto [first, last] = fields.equal_range(name);
    return static_cast<std::size_t>(std::distance(first, last));
}

// Why a request with this head is refused; empty: it is not.
std::string_view ambiguity_of(const Fields& fields, unsigned version) {
    if (const std::size_t codings = times(fields, http::field::transfer_encoding); codings > 0) {
        if (version < 11)
            return "a Transfer-Encoding in HTTP/1.0";
        if (codings > 1 || !boost::beast::iequals(fields[http::field::transfer_encoding], "chunked"))
            return "a Transfer-Encoding that is not chunked";
        if (times(fields, http::field::content_length) > 0)
            return "both a Transfer-Encoding and a Content-Length";
    }
    const std::size_t hosts = times(fields, http::field::host);
    if (hosts > 1)
        return "more than one Host";
    return version >= 11 && hosts == 0 ? "HTTP/1.1 without Host" : "";
}

// Empty lines before a request line are ignored (RFC 9112, 2.2).
std::size_t empty_lines(std::string_view bytes) noexcept {
    std::size_t length = 0;
    while (bytes.substr(length).starts_with("\r\n"))
        length += 2;
    return length;
}

// What follows the authority in http://host/path (RFC 9112, 3.2.2); other targets as they are.
std::string_view without_authority(std::string_view target) noexcept {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.size() < scheme.size() || !equal_ignoring_case(target.substr(0, scheme.size()), scheme))
            continue;
        const std::size_t path = target.find_first_of("/?", scheme.size());
        return path == std::string_view::npos ? "/" : target.substr(path);
    }
    return target;
}

} // namespace

struct RequestParser::Beast {
    std::optional<http::request_parser<http::string_body>> parser;
    bool continue_asked = false;
    bool head_checked = false;

    void reset() {
        parser.emplace();
        parser->eager(true);
        parser->header_limit(head_limit);
        parser->body_limit(body_limit);
        continue_asked = false;
        head_checked = false;
    }
};

RequestParser::RequestParser() : beast_(std::make_unique<Beast>()) {
    beast_->reset();
}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
    beast_->reset();
}

RequestParser::Result RequestParser::parse(std::string_view bytes) {
    auto& parser = *beast_->parser;
    std::size_t consumed = parser.got_some() ? 0 : empty_lines(bytes);
    if (!parser.got_some() && bytes.substr(consumed) == "\r")
        return {Progress::needs_more, consumed};
    while (!parser.is_done() && consumed < bytes.size()) {
        boost::system::error_code error;
        consumed += parser.put(boost::asio::buffer(bytes.substr(consumed)), error);
        if (parser.is_header_done() && !std::exchange(beast_->head_checked, true)) {
            const auto& head = parser.get();
            if (const auto why = ambiguity_of(head, head.version()); !why.empty()) {
                reason_ = why;
                return {Progress::malformed, consumed};
            }
        }
        if (error == http::error::need_more)
            return {Progress::needs_more, consumed};
        if (error == http::error::body_limit)
            return {Progress::body_too_large, consumed};
        if (error) {
            reason_ = error.message();
            return {Progress::malformed, consumed};
        }
    }
    return {parser.is_done() ? Progress::complete : Progress::needs_more, consumed};
}

Request RequestParser::take() {
    auto message = beast_->parser->release();
    Request request;
    request.method = std::string(message.method_string());
    request.version = message.version();
    request.keep_alive = message.keep_alive();
    const std::string_view target = without_authority({message.target().data(), message.target().size()});
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
    for (const auto& field : message)
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    request.body = std::move(message.body());
    reset();
    return request;
}

bool RequestParser::wants_continue() {
    const auto& parser = *beast_->parser;
    if (!parser.is_header_done() || beast_->continue_asked)
        return false;
    beast_->continue_asked = true;
    return boost::beast::iequals(parser.get()[http::field::expect], "100-continue");
}

bool RequestParser::is_head_request() const {
    return beast_->parser->is_header_done() && beast_->parser->get().method() == http::verb::head;
}

} // namespace host
