// How an attempt ended: the vocabulary that every count, file and table of loadgen shares.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace loadgen {

/// Where an attempt was when it ended.
enum class Phase : std::uint8_t {
    connect, ///< the TCP handshake is under way
    send,    ///< established, the request not yet wholly written
    await,   ///< the request is written, no byte is back
    receive, ///< the answer has begun
    finish,  ///< the answer is complete; waiting for the server's close
    idle,    ///< a kept connection between two requests
    reuse,   ///< the request is written on a reused connection, no byte is back: the keep-alive race
};

/// What ended an attempt that did not end well.
enum class Cause : std::uint8_t {
    reset,       ///< ECONNRESET, WSAECONNRESET, ERROR_NETNAME_DELETED
    broken_pipe, ///< EPIPE: a reset that came after the peer's close
    aborted,     ///< ECONNABORTED, WSAECONNABORTED
    closed,      ///< FIN without a whole answer
    refused,     ///< nobody listens there
    unreachable, ///< no route to the host or network
    timeout,     ///< our own deadline, or the kernel's
    malformed,   ///< an answer that is not HTTP
    tls,         ///< the TLS layer failed
    local,       ///< no port, descriptor or memory here: our own fault, never the server's
};

inline constexpr std::array all_phases = {Phase::connect, Phase::send, Phase::await, Phase::receive,
                                          Phase::finish,  Phase::idle, Phase::reuse};
inline constexpr std::array all_causes = {
    Cause::reset,       Cause::broken_pipe, Cause::aborted,   Cause::closed, Cause::refused,
    Cause::unreachable, Cause::timeout,     Cause::malformed, Cause::tls,    Cause::local};

constexpr std::size_t index(Phase phase) {
    return static_cast<std::size_t>(phase);
}
constexpr std::size_t index(Cause cause) {
    return static_cast<std::size_t>(cause);
}

/// The word used in CSV files and tables.
std::string_view name(Phase phase);
std::string_view name(Cause cause);

/// The cause, or phase, of the name that CSV files have.
std::optional<Cause> cause_named(std::string_view wanted);
std::optional<Phase> phase_named(std::string_view wanted);

/// A connection that was established, or being so, and that the peer or its stack tore down.
constexpr bool is_reset(Cause cause) {
    return cause == Cause::reset || cause == Cause::broken_pipe || cause == Cause::aborted;
}

struct Outcome {
    Cause cause;
    Phase phase;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// The connection was established, and the server's end went away before the answer was whole.
constexpr bool is_loss(Outcome outcome) {
    const bool went_away = is_reset(outcome.cause) || outcome.cause == Cause::closed;
    return went_away && (outcome.phase == Phase::send || outcome.phase == Phase::await ||
                         outcome.phase == Phase::receive || outcome.phase == Phase::reuse);
}

} // namespace loadgen
