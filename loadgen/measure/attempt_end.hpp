// What one attempt came to. It is put together while the attempt goes on and recorded once, when it has
// ended.
#pragma once

#include "measure/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace loadgen {

/// An attempt that did not end well.
struct Event {
    std::chrono::system_clock::time_point time; ///< when it was noticed
    unsigned worker = 0;                        ///< thread, from 0
    unsigned connection = 0;                    ///< slot within the worker, from 0
    std::uint64_t attempt = 0;                  ///< running number within the worker, from 1
    std::string local_address;                  ///< empty when no local port was bound yet
    std::uint16_t local_port = 0;
    std::string remote_address;
    std::string target; ///< path and query of the request, as they may be shown (shown.hpp)
    Outcome outcome{};
    int os_error = 0;          ///< errno or WSAGetLastError; 0 where the system reported no error
    std::string os_error_name; ///< ECONNRESET, WSAECONNRESET, ...; for `malformed` the parser's words
    std::uint64_t bytes_read = 0;
    std::chrono::microseconds age{0}; ///< since the connection was begun
};

/// A whole HTTP answer; times from the intended start of the attempt, our own send delay left out.
struct Answered {
    unsigned status = 0;
    std::chrono::nanoseconds first_byte{0};
    std::chrono::nanoseconds latency{0};
};

/// An answer, a failure, or (phase finish) both: never neither.
struct AttemptEnd {
    std::optional<std::chrono::nanoseconds> connect_time; ///< of the connection it made; none: it made none
    bool request_sent = false;                            ///< wholly written
    bool found_closed = false; ///< the server had closed its kept connection in idle; it made a new one
    std::uint64_t bytes_read = 0;
    std::optional<Answered> answered;
    std::optional<Event> failure;
};

} // namespace loadgen
