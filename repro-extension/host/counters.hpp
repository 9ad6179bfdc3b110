// What the host counts.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace host {

/// A number that many threads add to and that nobody orders other memory by.
class Counter {
  public:
    void operator++(int) noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// What the host did since it started.
struct Counters {
    Counter accepted;            ///< connections whose AcceptEx completed well
    Counter requests;            ///< whole requests given to an extension
    Counter answers;             ///< of those, completed with something sent
    Counter kept;                ///< of those, completed with the connection kept
    Counter errors;              ///< answers of the host itself: 400, 404, 413, 500
    Counter victims;             ///< connections reset because their AcceptEx died with its thread
    Counter harmless_cancels;    ///< AcceptEx that died with their thread with nobody connected
    Counter cancelled_reads;     ///< kept connections whose read died with its thread
    Counter failed_accepts;      ///< AcceptEx that failed otherwise: mostly clients' resets
    Counter empty_connections;   ///< clients that closed without sending a byte
    Counter lost_accepts;        ///< AcceptEx whose bytes Wine lost at thread exit: Listener
    Counter accept_timeouts;     ///< connections closed by --accept-timeout
    Counter connection_timeouts; ///< connections closed by --connection-timeout
};

/// All of them in one line, `accepted=12 requests=12 ...`.
std::string to_line(const Counters& counters);

} // namespace host
