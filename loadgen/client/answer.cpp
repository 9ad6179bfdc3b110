#include "client/answer.hpp"

#include "client/engine/stream_end.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace loadgen {
namespace {

namespace http = boost::beast::http;

// Small, since there may be ten thousand of them; whoever fills it gets a larger one.
constexpr std::size_t initial_buffer = 1024;
constexpr std::size_t largest_buffer = std::size_t{64} * 1024;
constexpr std::uint32_t longest_head = 64 * 1024; // of a chunk too, and of the trailers

// As far as there is text. The parser would wait for the end of the head before it looked.
bool begins_like_http(std::string_view text) {
    constexpr std::string_view protocol = "HTTP/";
    return text.substr(0, protocol.size()) == protocol.substr(0, text.size());
}

} // namespace

void AnswerParser::on_field_impl(field id, string_view name, string_view value, error_code&) {
    if (id == field::connection)
        says_keep_alive_ = http::token_list{value}.exists("keep-alive");
    else if (boost::beast::iequals(name, "X-Repro-Variant"))
        variant_.assign(value.data(), value.size());
}

AnswerReader::AnswerReader(bool head_only) : head_only_(head_only), buffer_(initial_buffer) {
    restart();
}

void AnswerReader::restart() {
    parser_.emplace();
    parser_->header_limit(longest_head);
    parser_->body_limit(boost::none);
    parser_->eager(true);
    parser_->skip(head_only_);
    used_ = 0;
}

std::span<char> AnswerReader::space() {
    const bool long_head = used_ == buffer_.size(); // the parser wants it in one piece
    if (long_head || (filled_ && buffer_.size() < largest_buffer))
        buffer_.resize(buffer_.size() * 2);
    filled_ = false;
    return std::span(buffer_).subspan(used_);
}

boost::system::error_code AnswerReader::advance(std::size_t bytes) {
    used_ += bytes;
    filled_ = used_ == buffer_.size();
    std::size_t consumed = 0;
    boost::system::error_code error;
    while (consumed < used_ && !parser_->is_done()) {
        if (!parser_->has_status() && !begins_like_http({buffer_.data() + consumed, used_ - consumed}))
            return http::error::bad_version;
        consumed += parser_->put(boost::asio::buffer(buffer_.data() + consumed, used_ - consumed), error);
        if (error)
            break;
        const bool interim = parser_->is_done() && parser_->status() / 100 == 1 && parser_->status() != 101;
        if (interim) { // 100 Continue and its like announce the answer, they aren't it
            const std::size_t rest = used_;
            restart();
            used_ = rest;
        }
    }
    used_ -= consumed;
    std::memmove(buffer_.data(), buffer_.data() + consumed, used_);
    if (used_ >= longest_head && !parser_->is_done()) // the parser's own limit is for the first head only
        return http::error::header_limit;
    return error == http::error::need_more ? boost::system::error_code{} : error;
}

boost::system::error_code AnswerReader::end_of_input(const boost::system::error_code& end) {
    if (!parser_->got_some())
        return http::error::end_of_stream;
    if (end == truncated_stream())
        return http::error::partial_message;
    boost::system::error_code error;
    parser_->put_eof(error);
    return error;
}

} // namespace loadgen
