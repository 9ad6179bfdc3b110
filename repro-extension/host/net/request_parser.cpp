#include "net/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <memory_resource>
#include <optional>
#include <tuple>
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

using Allocator = std::pmr::polymorphic_allocator<char>;
using Fields = http::basic_fields<Allocator>;

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

// Trailers are fields to Beast, as the head's are. So the head is read by itself first, and nothing that
// comes later can add to it or contradict it.
struct RequestParser::Beast {
    std::array<std::byte, 4096> room; ///< for the fields, so that most heads need no memory of the heap
    std::pmr::monotonic_buffer_resource memory{room.data(), room.size()};
    std::optional<http::request_parser<http::buffer_body, Allocator>> parser;
    bool head_is_read = false;
    Request request;      ///< from the head on
    std::size_t read = 0; ///< of its body's room: what is read ahead
    bool continue_asked = false;

    void reset() {
        parser.reset();
        memory.release();
        parser.emplace(std::piecewise_construct, std::make_tuple(), std::make_tuple(Allocator(&memory)));
        parser->eager(false);
        parser->header_limit(head_limit);
        parser->body_limit(boost::none);
        head_is_read = false;
        request = {};
        read = 0;
        continue_asked = false;
    }

    void take_head() {
        head_is_read = true;
        const auto& message = parser->get();
        request.method = std::string(message.method_string());
        request.version = message.version();
        request.keep_alive = message.keep_alive();
        const std::string_view target = without_authority({message.target().data(), message.target().size()});
        const std::size_t question = target.find('?');
        request.path = target.substr(0, question);
        request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
        request.headers.reserve(static_cast<std::size_t>(std::distance(message.begin(), message.end())));
        for (const auto& field : message)
            request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
        const auto length = parser->content_length();
        if (length)
            request.body_length = *length;
        request.body.resize(static_cast<std::size_t>(length ? std::min<std::uint64_t>(*length, read_ahead)
                                                     : parser->chunked() ? read_ahead
                                                                         : 0));
        parser->eager(true);
    }

    bool is_read_ahead() const {
        return head_is_read && (parser->is_done() || (read > 0 && read == request.body.size()));
    }
};

RequestParser::RequestParser() : beast_(std::make_unique<Beast>()) {
    beast_->reset();
}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
    beast_->reset();
}

RequestParser::BodyResult RequestParser::read_body(std::string_view bytes, std::span<char> room) {
    auto& parser = *beast_->parser;
    std::size_t consumed = 0;
    auto& body = parser.get().body();
    body.data = room.data();
    body.size = room.size();
    body.more = true;
    boost::system::error_code error;
    while (!parser.is_done() && consumed < bytes.size() && !error &&
           parser.is_header_done() == beast_->head_is_read)
        consumed += parser.put(boost::asio::buffer(bytes.substr(consumed)), error);
    const std::size_t written = room.size() - body.size;
    body.data = nullptr;
    body.size = 0;
    if (error && error != http::error::need_more && error != http::error::need_buffer) {
        reason_ = error.message();
        return {Progress::malformed, consumed, written};
    }
    return {parser.is_done() ? Progress::complete : Progress::needs_more, consumed, written};
}

RequestParser::Result RequestParser::parse(std::string_view bytes) {
    Beast& beast = *beast_;
    auto& parser = *beast.parser;
    std::size_t consumed = parser.got_some() ? 0 : empty_lines(bytes);
    if (!parser.got_some() && bytes.substr(consumed) == "\r")
        return {Progress::needs_more, consumed};
    while (!beast.is_read_ahead() && consumed < bytes.size()) {
        const auto [progress, used, written] =
            read_body(bytes.substr(consumed), std::span(beast.request.body).subspan(beast.read));
        consumed += used;
        beast.read += written;
        if (progress == Progress::malformed)
            return {Progress::malformed, consumed};
        if (parser.is_header_done() && !beast.head_is_read) {
            if (const auto why = ambiguity_of(parser.get(), parser.get().version()); !why.empty()) {
                reason_ = why;
                return {Progress::malformed, consumed};
            }
            beast.take_head();
        } else if (used == 0) {
            break;
        }
    }
    return {beast.is_read_ahead() ? Progress::complete : Progress::needs_more, consumed};
}

Request RequestParser::take() {
    Request request = std::move(beast_->request);
    request.body.resize(beast_->read);
    if (body_is_whole())
        request.body_length = request.body.size();
    return request;
}

bool RequestParser::body_is_whole() const {
    return beast_->parser->is_done();
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
