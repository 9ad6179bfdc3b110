// The server: puts the parts together, starts and stops them.
#pragma once

#include "base/activity.hpp"
#include "base/counters.hpp"
#include "base/handles.hpp"
#include "base/options.hpp"
#include "faults/exposures.hpp"
#include "isapi/extension_cache.hpp"
#include "net/atq.hpp"
#include "net/connection.hpp"
#include "net/listener.hpp"
#include "session.hpp"

#include <cstddef>
#include <cstdint>

namespace host {

class Host {
  public:
    /// Listens and serves from here on. Throws std::runtime_error with a sentence for the user.
    explicit Host(Options options);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host() { stop(); }

    std::uint16_t port() const noexcept { return listener_.port(); }
    const Counters& counters() const noexcept { return counters_; }
    const Exposures& exposures() const noexcept { return exposures_; }
    /// The extensions that were loaded; complete after stop().
    const std::vector<ServedExtension>& served() const noexcept { return served_; }

    /// Pending AcceptEx requests that a client is connected to.
    unsigned established() const { return listener_.established(); }
    /// Contexts ever made: at most the pending AcceptEx requests plus the requests in service at
    /// the peak.
    std::size_t contexts() const { return connections_.size(); }

    /// Takes no new connection, waits for the requests in progress, ends the extensions and the
    /// pool.
    void stop();

  private:
    void on_packet(const Packet& packet);
    void on_io(Connection& connection, const Packet& packet);

    const Options options_;
    Winsock winsock_;
    Activity activity_;
    Counters counters_;
    Exposures exposures_;
    std::vector<ServedExtension> served_;
    ConnectionRegistry connections_;
    ExtensionCache extensions_;
    Atq atq_;
    IoPort io_;
    Listener listener_;
    Sessions sessions_;
};

} // namespace host
