// Reads one HTTP answer: its status, whether the connection is kept, where it ends. The body is counted and
// dropped.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace loadgen {

/// Beast's parser with nothing stored but what a load needs to know, so that an answer costs no allocation.
class AnswerParser : public boost::beast::http::basic_parser<false> {
  public:
    unsigned status() const { return status_; }
    bool has_status() const { return has_status_; }
    /// The server wrote `Connection: keep-alive`.
    bool says_keep_alive() const { return says_keep_alive_; }
    /// The value of X-Repro-Variant, the DLL that answered; empty when there is none.
    const std::string& variant() const { return variant_; }

  private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    using field = boost::beast::http::field;
    using verb = boost::beast::http::verb;
    using chunk_size = std::uint64_t;

    void on_request_impl(verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int code, string_view, int, error_code&) override {
        status_ = static_cast<unsigned>(code);
        has_status_ = true;
    }
    void on_field_impl(field id, string_view name, string_view value, error_code&) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(chunk_size, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(chunk_size, string_view body, error_code&) override { return body.size(); }
    void on_finish_impl(error_code&) override {}

    unsigned status_ = 0;
    bool has_status_ = false;
    bool says_keep_alive_ = false;
    std::string variant_;
};

/// One answer at a time, fed as the bytes come.
class AnswerReader {
  public:
    explicit AnswerReader(bool head_only);

    /// Makes ready for the next answer.
    void restart();

    /// What comes is no answer to HEAD, and may have a body. Before its first bytes.
    void expect_body() { parser_->skip(false); }

    /// Where the next bytes are to be put; never empty.
    std::span<char> space();
    /// So many bytes were put there. An error means the answer isn't HTTP.
    boost::system::error_code advance(std::size_t bytes);
    /// The server has closed, and is_end_of_stream(end). No error if that is how this answer ends; else
    /// end_of_stream or partial_message.
    boost::system::error_code end_of_input(const boost::system::error_code& end);

    bool complete() const { return parser_->is_done(); }
    /// Bytes have come after the answer's end.
    bool has_surplus() const { return complete() && used_ > 0; }
    /// The connection may carry another request.
    bool keeps_connection() const { return parser_->keep_alive() && !has_surplus(); }

    const AnswerParser& parser() const { return *parser_; }

  private:
    bool head_only_;
    std::optional<AnswerParser> parser_;
    std::vector<char> buffer_;
    bool filled_ = false;  // by the last read: there may be more to come
    std::size_t used_ = 0; // bytes at the buffer's front that the parser has not consumed
};

} // namespace loadgen
