#include "request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

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

struct RequestParser::Beast {
    std::optional<http::request_parser<http::string_body>> parser;
    bool continue_asked = false;

    void reset() {
        parser.emplace();
        parser->eager(true);
        parser->header_limit(head_limit);
        parser->body_limit(body_limit);
        continue_asked = false;
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
    std::size_t consumed = 0;
    while (!parser.is_done() && consumed < bytes.size()) {
        boost::system::error_code error;
        consumed += parser.put(boost::asio::buffer(bytes.substr(consumed)), error);
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
    const std::string_view target(message.target().data(), message.target().size());
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
