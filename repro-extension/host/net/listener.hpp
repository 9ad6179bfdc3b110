// The listening socket and the AcceptEx requests on it: who posts them, and what becomes of them.
#pragma once

#include "base/counters.hpp"
#include "base/mutex.hpp"
#include "base/options.hpp"
#include "faults/exposures.hpp"
#include "faults/victims.hpp"
#include "net/connection.hpp"
#include "net/io_port.hpp"

#include <mswsock.h>

#include <atomic>
#include <shared_mutex>

namespace host {

class Listener {
  public:
    /// Binds and listens; posts nothing yet. Throws std::runtime_error with a sentence for the
    /// user.
    Listener(const Options& options, IoPort& io, ConnectionRegistry& connections, Counters& counters,
             Exposures& exposures);

    std::uint16_t port() const noexcept { return port_; }

    /// Posts AcceptEx requests until --accept-outstanding are pending. Pool threads only: "whenever
    /// the number falls below this range, the server adds additional sockets" (Q301310).
    void replenish() noexcept;

    /// Closes the client's socket and posts a new AcceptEx in the calling thread, whichever that is
    /// and however many are pending (KB 813531, step 1).
    void recycle(Connection& connection, const Poster& poster) noexcept;

    /// Closes the client's socket and frees the context, then replenishes. Pool threads only.
    void retire(Connection& connection) noexcept;

    /// An AcceptEx ended. True: a client is connected and its first bytes are in the buffer. False:
    /// the context has been dealt with.
    [[nodiscard]] bool on_accept(Connection& connection, DWORD bytes, DWORD error, bool expired);

    /// The thread that had posted a kept connection's read has exited, and the system has cancelled the
    /// read. The connection is still the caller's.
    void on_cancelled_read(Connection& connection);

    /// Closes connections that have sent nothing for --accept-timeout, as Microsoft's AcceptEx page
    /// advises.
    void expire_silent();

    /// Pending AcceptEx requests that a client is connected to.
    unsigned established() const;

    /// Closes the listening socket and cancels what is pending on it.
    void stop() noexcept;

  private:
    /// False: it could not be posted, and the context has been given back.
    bool post(Connection& connection, const Poster& poster) noexcept;
    [[nodiscard]] Posted try_post(Connection& connection, const Poster& poster) noexcept;
    void on_empty(Connection& connection);
    void on_cancelled(Connection& connection);
    void on_victim(Connection& connection);
    /// Writes it down, and prepares the close.
    void end_victim(Connection& connection, std::string_view operation, std::chrono::microseconds age);

    const Options& options_;
    IoPort& io_;
    ConnectionRegistry& connections_;
    Counters& counters_;
    Exposures& exposures_;
    VictimLog victims_;
    std::uint16_t port_ = 0;
    LPFN_ACCEPTEX accept_ex_ = nullptr;
    std::atomic<int> pending_ = 0;
    mutable SharedMutex open_; ///< exclusive: to close socket_; shared: to use it
    UniqueSocket socket_;
    Mutex left_guard_;
    std::vector<UniqueSocket> left_; ///< victims that --victim-close leaves
};

} // namespace host
