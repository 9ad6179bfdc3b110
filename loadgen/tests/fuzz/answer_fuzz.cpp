// libFuzzer on the answer parser: whatever a server sends ends in an answer, an error or a wait for more, in
// bounded memory, and it is the same answer, or none, however the bytes are cut into reads.
#include "client/answer.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using loadgen::AnswerReader;

struct End {
    bool complete = false;
    bool whole_at_close = false; // the server's close would make it an answer
    unsigned status = 0;
    bool keeps = false;

    friend bool operator==(const End&, const End&) = default;
};

End read(std::string_view bytes, bool head_only, std::size_t piece) {
    constexpr std::size_t most_memory = std::size_t{256} * 1024;
    AnswerReader reader(head_only);
    bool malformed = false;
    while (!bytes.empty() && !malformed && !reader.complete()) {
        const auto space = reader.space();
        if (space.empty() || space.size() > most_memory)
            std::abort();
        const std::size_t taken = std::min({piece, space.size(), bytes.size()});
        std::copy_n(bytes.begin(), taken, space.begin());
        bytes.remove_prefix(taken);
        malformed = reader.advance(taken).failed();
    }
    if (malformed) // or waiting for more: the parser may need the whole line to see that it is a bad one
        return {};
    End end{.complete = reader.complete()};
    end.whole_at_close = !end.complete && !reader.end_of_input(boost::asio::error::eof).failed();
    if (end.complete || end.whole_at_close)
        end.status = reader.parser().status();
    if (end.complete)
        end.keeps = reader.keeps_connection() || reader.has_surplus() || !bytes.empty();
    return end;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const bool head_only = (data[0] & 1) != 0;
    const std::size_t piece = data[1] + std::size_t{1};
    const std::string bytes(data + 2, data + size);
    const End at_once = read(bytes, head_only, bytes.size());
    if (!(read(bytes, head_only, piece) == at_once) || !(read(bytes, head_only, 1) == at_once))
        std::abort();
    return 0;
}
