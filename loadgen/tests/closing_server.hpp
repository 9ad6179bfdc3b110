// A server that closes every idle connection now and then, unannounced, as servers do when their keep-alive
// time-out is over or when they are reloaded. It closes its side only, and so sees which requests came after
// its end, and when.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace loadgen {

/// A request that came over a connection after the server's end had gone out.
struct LateRequest {
    std::chrono::nanoseconds age; ///< of that end when the request arrived, by the kernel's clock
    bool was_looked_for;          ///< the client last looked when that end was in its kernel already
};

class ClosingServer {
  public:
    /// Serves in a thread of its own, on a port of the system's choice.
    explicit ClosingServer(std::chrono::milliseconds every);
    ~ClosingServer();
    ClosingServer(const ClosingServer&) = delete;
    ClosingServer& operator=(const ClosingServer&) = delete;

    std::uint16_t port() const { return port_; }

    struct Ledger {
        std::uint64_t closes = 0; ///< of idle connections
        std::vector<LateRequest> late;
    };
    /// Ends it.
    Ledger finish();

  private:
    using Clock = std::chrono::system_clock;

    struct Connection {
        int descriptor;
        std::uint16_t client_port;
        bool is_asked = false; // a part of a request has been read
        std::chrono::system_clock::time_point closed{};
    };

    void serve();
    void accept_connections();
    /// False: the connection is over.
    bool read(Connection& connection);
    void close_idle_ones();

    std::chrono::milliseconds every_;
    int listener_;
    std::uint16_t port_ = 0;
    std::vector<Connection> connections_;
    Ledger ledger_;
    std::atomic<bool> stopping_ = false;
    std::jthread thread_; // last: joined before what it uses goes
};

} // namespace loadgen
