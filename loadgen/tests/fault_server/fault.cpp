#include "tests/fault_server/fault.hpp"

#include <algorithm>
#include <array>

namespace loadgen {
namespace {

using enum Moment;

constexpr std::string_view half_head = "HTTP/1.1 200 OK\r\nContent-Le";
constexpr std::string_view half_body = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel";
constexpr std::string_view half_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel";
constexpr std::string_view short_body = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello";
constexpr std::string_view long_body =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello, world";
constexpr std::string_view last_answer =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
constexpr std::string_view kept_answer =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello";
constexpr std::string_view not_http = "this is not HTTP\r\n\r\n";

constexpr std::string_view status_line = "HTTP/1.1 200 OK\r\n";
constexpr std::string_view gigabyte_head = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n";
constexpr std::string_view chunked_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view chunk_extension = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;";
constexpr std::string_view last_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";

constexpr Outcome reset_in(Phase phase) {
    return {Cause::reset, phase};
}
constexpr Outcome closed_in(Phase phase) {
    return {Cause::closed, phase};
}
constexpr Outcome timeout_in(Phase phase) {
    return {Cause::timeout, phase};
}
constexpr Outcome malformed_in(Phase phase) {
    return {Cause::malformed, phase};
}

constexpr Demand pause{.pause = true};
constexpr Demand kept_pause{.pause = true, .keep_alive = true};
constexpr Demand long_request{.long_request = true};
constexpr Demand patience{.patience = true};
constexpr Demand long_patience{.long_request = true, .patience = true};

// clang-format off
constexpr std::array table = {
    Fault{"refused", handshake, "", Ending::reset, {Cause::refused, Phase::connect}},
    // A client whose SYN was answered just before the backlog was full believes itself connected.
    Fault{"full-backlog", handshake, "", Ending::silence, timeout_in(Phase::connect), timeout_in(Phase::await), patience},

    // On loopback the RST may be there before connect() has reported the connection: then Linux reports it in its stead.
    Fault{"reset-on-accept", accept, "", Ending::reset, reset_in(Phase::send), reset_in(Phase::connect), pause},
    Fault{"close-on-accept", accept, "", Ending::close, closed_in(Phase::send), {}, pause},
    Fault{"garbage-on-accept", accept, not_http, Ending::close, malformed_in(Phase::send), {}, pause},

    Fault{"reset-in-request", mid_request, "", Ending::reset, reset_in(Phase::send), {}, long_request},
    Fault{"fin-then-reset-in-request", mid_request, "", Ending::fin_then_reset, {Cause::broken_pipe, Phase::send}, {}, long_request},
    Fault{"silence-in-request", mid_request, "", Ending::silence, timeout_in(Phase::send), {}, long_patience},

    Fault{"reset-unread", unread, "", Ending::reset, reset_in(Phase::await)},
    // A close with bytes unread is a RST (RFC 1122, 4.2.2.13): nobody can tell it from the one above.
    Fault{"close-unread", unread, "", Ending::close, reset_in(Phase::await)},
    Fault{"reset-after-request", after_request, "", Ending::reset, reset_in(Phase::await)},
    Fault{"close-after-request", after_request, "", Ending::close, closed_in(Phase::await)},
    Fault{"silence-after-request", after_request, "", Ending::silence, timeout_in(Phase::await), {}, patience},

    Fault{"reset-in-head", after_request, half_head, Ending::reset, reset_in(Phase::receive)},
    Fault{"close-in-head", after_request, half_head, Ending::close, closed_in(Phase::receive)},
    Fault{"silence-in-head", after_request, half_head, Ending::silence, timeout_in(Phase::receive), {}, patience},
    Fault{"reset-in-body", after_request, half_body, Ending::reset, reset_in(Phase::receive)},
    Fault{"close-in-body", after_request, half_body, Ending::close, closed_in(Phase::receive)},
    Fault{"silence-in-body", after_request, half_body, Ending::silence, timeout_in(Phase::receive), {}, patience},
    Fault{"reset-in-chunk", after_request, half_chunk, Ending::reset, reset_in(Phase::receive)},
    Fault{"close-in-chunk", after_request, half_chunk, Ending::close, closed_in(Phase::receive)},
    Fault{"content-length-too-large", after_request, short_body, Ending::close, closed_in(Phase::receive)},
    Fault{"content-length-too-small", after_request, long_body, Ending::close, malformed_in(Phase::finish)},
    Fault{"garbage", after_request, not_http, Ending::close, malformed_in(Phase::receive)},

    Fault{"reset-after-answer", after_request, last_answer, Ending::reset, reset_in(Phase::finish)},
    Fault{"silence-after-answer", after_request, last_answer, Ending::silence, timeout_in(Phase::finish), {}, patience},
    Fault{"surplus-after-answer", after_request, last_answer, Ending::surplus, malformed_in(Phase::finish)},
    Fault{"reset-when-idle", after_request, kept_answer, Ending::reset, reset_in(Phase::idle), {}, kept_pause},
    Fault{"close-when-idle", after_request, kept_answer, Ending::close, closed_in(Phase::idle), {}, kept_pause, {}, true},
    Fault{"surplus-when-idle", after_request, kept_answer, Ending::surplus, malformed_in(Phase::receive), {}, kept_pause},

    // Hostile: each would cost a careless client its memory or its time.
    Fault{"endless-status-line", after_request, "HTTP/1.1 200 ", Ending::flood, malformed_in(Phase::receive), {}, {}, letters},
    Fault{"endless-header-line", after_request, "HTTP/1.1 200 OK\r\nX: ", Ending::flood, malformed_in(Phase::receive), {}, {}, letters},
    Fault{"endless-header-lines", after_request, status_line, Ending::flood, malformed_in(Phase::receive), {}, {}, "X: 1\r\n"},
    Fault{"endless-chunk-extension", after_request, chunk_extension, Ending::flood, malformed_in(Phase::receive), {}, {}, letters},
    Fault{"endless-trailers", after_request, last_chunk, Ending::flood, malformed_in(Phase::receive), {}, {}, "X: 1\r\n"},
    Fault{"endless-interim-answers", after_request, "", Ending::flood, timeout_in(Phase::receive), {}, patience, "HTTP/1.1 100 Continue\r\n\r\n"},
    Fault{"endless-chunks", after_request, chunked_head, Ending::flood, timeout_in(Phase::receive), {}, patience, "5\r\nhello\r\n"},
    Fault{"gigabyte-body", after_request, gigabyte_head, Ending::trickle, timeout_in(Phase::receive), {}, patience, letters},
    Fault{"trickled-head", after_request, "", Ending::trickle, timeout_in(Phase::receive), {}, patience, status_line},
};
// clang-format on

} // namespace

std::span<const Fault> all_faults() {
    return table;
}

const Fault* fault_named(std::string_view name) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Fault& fault) { return fault.name == name; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace loadgen
