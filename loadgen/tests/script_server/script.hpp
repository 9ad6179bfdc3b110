// What a server does with one request, drawn at random: any form of answer that HTTP has, cut and ended
// anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace loadgen {

enum class Framing { length, chunked, until_close };
enum class ConnectionField { absent, close, keep_alive };

/// How the server leaves the connection when it has said its words.
enum class Goodbye {
    http,    ///< what the answer says: it serves the next request, or closes
    silence, ///< nothing, until the client closes
    fin,     ///< it closes; where the request isn't read whole that is a RST (RFC 1122, 4.2.2.13)
    half,    ///< it closes its side and reads on until the client closes
    reset,   ///< RST, once all has been sent
};

/// What a server says over a connection at rest, or a new one, before it is asked.
enum class Unasked {
    nothing,
    response,    ///< a whole one, as when a server gives up on a silent client (408)
    until_close, ///< a response that ends with the connection
    part,        ///< of a response
    garbage,     ///< what is no HTTP
};
std::string_view bytes_of(Unasked unasked);

struct Script {
    static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

    // The request. Its body is `asks` bytes long, of which the server reads `reads` before it answers.
    std::size_t asks = 0;
    std::size_t reads = all;

    // The answer.
    unsigned interim = 0; ///< 1xx before it
    bool http10 = false;
    unsigned status = 200;
    ConnectionField connection = ConnectionField::absent;
    Framing framing = Framing::length;
    std::size_t body = 5;
    bool extensions = false; ///< chunked: after each chunk's size
    bool trailers = false;   ///< chunked

    // The sending. So many bytes of it all, in pieces.
    std::size_t cut = all;
    struct Piece {
        std::size_t end; ///< offset
        unsigned pause;  ///< after it, in microseconds
        friend bool operator==(const Piece&, const Piece&) = default;
    };
    std::vector<Piece> pieces;
    std::size_t surplus = 0; ///< bytes that belong to no answer, behind a whole one
    Goodbye goodbye = Goodbye::http;
    bool close_notify = true; ///< TLS: before a FIN

    /// Where the connection is kept and then ended all the same: at rest, and then the goodbye.
    struct Afterword {
        Unasked says = Unasked::nothing;
        unsigned pause = 0;  ///< before it, in microseconds
        unsigned linger = 0; ///< between it and the goodbye, in microseconds
        friend bool operator==(const Afterword&, const Afterword&) = default;
    } afterword;

    friend bool operator==(const Script&, const Script&) = default;
};

/// What may be drawn.
struct Limits {
    std::size_t longest_answer = std::size_t{300} * 1024;
    std::size_t longest_request = 0;
    double silent = 0; ///< share of scripts that only the client's time-out ends
};

Script draw_script(std::mt19937_64& random, const Limits& limits);

/// For people: "POST 700 bytes, 20 read; HTTP/1.1 200, length 5, cut at 12, fin".
std::string text(const Script& script);

/// The bytes of the whole answer, interim ones included. `head_only`: it answers HEAD.
struct Message {
    std::string bytes;
    std::size_t head_end = 0; ///< offset behind the final head
};
Message render(const Script& script, bool head_only);

/// 204, 304, and the answer to HEAD end with their head, whatever it says (RFC 9112, 6.3).
bool has_body(const Script& script, bool head_only);

} // namespace loadgen
