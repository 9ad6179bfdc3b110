// libFuzzer on what the host reads of a client: whatever comes, it is the same requests, or none, however
// the bytes are cut and however the extension reads; what is kept of them is bounded; and no path means
// anything outside of the folder.
#include "isapi/script_path.hpp"
#include "net/request_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using host::RequestParser;
using enum RequestParser::Progress;

void require(bool what) {
    if (!what)
        std::abort();
}

/// What the host makes of a connection's bytes: the requests that are whole.
using Heard = std::vector<std::string>;

std::string text_of(const host::Request& request) {
    std::string text =
        request.method + " " + request.path + "?" + request.query + (request.keep_alive ? " k" : " c");
    for (const host::Header& header : request.headers)
        text += "\n" + header.name + ":" + header.value;
    return text + "\n\n" + request.body;
}

/// As a Connection has it: a buffer that is filled by `piece` bytes at the most, and a body that is
/// read by `room` at a time.
class Client {
  public:
    Client(std::string_view bytes, std::size_t piece, std::size_t room)
        : left_(bytes), piece_(piece), room_(room, '\0') {}

    Heard hear() {
        Heard heard;
        for (;;) {
            const auto [progress, consumed] = parser_.parse(buffer_);
            consume(consumed);
            if (progress == needs_more && receive())
                continue;
            if (progress != complete) // needs more: for ever, or the buffer is full
                return heard;
            host::Request request = parser_.take();
            require(request.body.size() <= RequestParser::read_ahead);
            std::string body;
            const bool whole = read_body(body);
            require(!whole || !request.body_length ||
                    *request.body_length == request.body.size() + body.size());
            if (!whole) // the client's end, or nonsense: the connection is not kept
                return heard;
            heard.push_back(text_of(request) + body);
            parser_.reset();
        }
    }

  private:
    bool receive() {
        const std::size_t bytes =
            std::min({piece_, left_.size(), RequestParser::head_limit - buffer_.size()});
        buffer_.append(left_.substr(0, bytes));
        left_.remove_prefix(bytes);
        return bytes > 0;
    }
    void consume(std::size_t bytes) {
        require(bytes <= buffer_.size());
        buffer_.erase(0, bytes);
    }
    bool read_body(std::string& body) {
        while (!parser_.body_is_whole()) {
            const auto [progress, consumed, written] = parser_.read_body(buffer_, room_);
            require(written <= room_.size());
            consume(consumed);
            body.append(room_, 0, written);
            if (progress == malformed)
                return false;
            if (written == 0 && progress == needs_more && !receive())
                return false;
        }
        return true;
    }

    std::string_view left_;
    std::size_t piece_;
    std::string room_;
    std::string buffer_;
    RequestParser parser_;
};

bool is_plain_name(std::string_view name) {
    return name.find_first_of("/\\:%") == std::string_view::npos && name.front() != '.' && name.size() > 4;
}

void check_path(std::string_view path) {
    const std::vector<host::ScriptMap> maps = {{".ext", "mapped.dll"}};
    const host::ScriptPath found = host::script_path(path, "/repro", maps);
    if (found.name.empty())
        return;
    require(is_plain_name(found.name));
    require(found.script.starts_with("/repro/"));
    require(!host::leads_up(found.file) && !host::leads_up(found.script));
    require(found.file.empty() || found.file.front() == '/');
    require(found.script.find('\0') == std::string::npos && found.file.find('\0') == std::string::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::string bytes(data + 2, data + size);
    check_path(bytes);
    const Heard at_once = Client(bytes, bytes.size() + 1, 1'000'000).hear();
    for (const std::size_t piece :
         {std::size_t{1}, data[0] + std::size_t{1}, 40 * (data[0] + std::size_t{1})}) {
        require(Client(bytes, piece, data[1] + std::size_t{1}).hear() == at_once);
    }
    return 0;
}
