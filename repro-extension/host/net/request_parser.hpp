// HTTP requests, and how they are read out of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace host {

struct Header {
    std::string name; ///< as the client wrote it
    std::string value;
};

/// One HTTP/1.0 or 1.1 request, with the beginning of its body or all of it.
struct Request {
    std::string method;
    std::string path; ///< undecoded, up to the question mark, without scheme and host
    std::string query;
    unsigned version = 11; ///< 10 or 11
    std::vector<Header> headers;
    std::string body; ///< what was read ahead, without chunk marks
    /// The length of the whole body; nothing if it comes in chunks and was not read to its end.
    std::optional<std::uint64_t> body_length;
    bool keep_alive = false; ///< the client asked for the connection to be kept

    /// The value of a header, names compared without case; values of a repeated one joined by ", ".
    /// Empty if the client did not send it; `found` tells an empty value from none.
    std::string header(std::string_view name, bool* found = nullptr) const;
};

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Parses requests one after the other from bytes as they come.
class RequestParser {
  public:
    /// IIS's UploadReadAheadSize: so much of a body is read before the extension is called.
    static constexpr std::size_t read_ahead = std::size_t{48} * 1024;
    /// Request line and headers (IIS 5's MaxClientRequestBuffer, 16 KB).
    static constexpr std::size_t head_limit = std::size_t{16} * 1024;

    enum class Progress { needs_more, complete, malformed };

    struct Result {
        Progress progress;
        std::size_t consumed; ///< bytes that need not be presented again
    };

    RequestParser();
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// `bytes`: what was not consumed so far, and what came since. Complete: the head is there, and
    /// of the body all, or as much as is read ahead.
    [[nodiscard]] Result parse(std::string_view bytes);

    /// The complete request. The parser goes on with the rest of its body, until reset().
    [[nodiscard]] Request take();

    struct BodyResult {
        Progress progress;    ///< complete: the body is at its end
        std::size_t consumed; ///< of `bytes`
        std::size_t written;  ///< into `room`
    };
    /// After take(): the rest of the body, as much as is there and `room` holds.
    [[nodiscard]] BodyResult read_body(std::string_view bytes, std::span<char> room);
    bool body_is_whole() const;

    /// True once for a request whose sender waits for "100 Continue" before it sends the body.
    [[nodiscard]] bool wants_continue();

    /// What is wrong with a malformed request. What RFC 9112 lets a server refuse since it could be
    /// read in two ways is malformed: a transfer coding that isn't exactly chunked, or one beside a
    /// Content-Length, or in HTTP/1.0; HTTP/1.1 without a Host, or with two.
    const std::string& reason() const noexcept { return reason_; }
    /// Known from the head on, and false before.
    bool is_head_request() const;

    /// Ready for the next request.
    void reset();

  private:
    struct Beast; // the library's headers stay out of this one
    std::unique_ptr<Beast> beast_;
    std::string reason_;
};

} // namespace host
