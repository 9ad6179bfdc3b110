// The server: puts the parts together, starts and stops them.
#pragma once

#include "base/activity.hpp"
#include "base/counters.hpp"
#include "base/handles.hpp"
#include "base/mutex.hpp"
#include "base/options.hpp"
#include "faults/call_watch.hpp"
#include "faults/exposures.hpp"
#include "isapi/extension_cache.hpp"
#include "net/atq.hpp"
#include "net/connection.hpp"
#include "net/listener.hpp"
#include "session.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace host {

class Host {
  public:
    /// Listens and serves from here on. Throws std::runtime_error with a sentence for the user.
    explicit Host(Options options);
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host();

    std::uint16_t port() const noexcept { return listener_.port(); }
    const Counters& counters() const noexcept { return counters_; }
    const Exposures& exposures() const noexcept { return exposures_; }
    /// The extensions that were loaded so far, with what they were given.
    std::vector<ServedExtension> served();

    /// Pending AcceptEx requests that a client is connected to.
    unsigned established() const { return listener_.established(); }
    /// Contexts ever made: at most the pending AcceptEx requests plus the requests in service at
    /// the peak.
    std::size_t contexts() const { return connections_.size(); }

    /// Takes no new connection, waits for the requests in progress, ends the extensions and the
    /// pool. False if the extensions were not done with that after --stop-timeout, which is said:
    /// then nothing of the host may be destroyed any more, and the process is to be ended.
    bool stop();

  private:
    /// Looks each second after the pool's threads.
    void watch(const std::stop_token& stop);
    [[nodiscard]] bool try_stop();
    /// What an extension has not brought to its end.
    struct Unfinished {
        std::string extension;
        std::string sentence;
    };
    std::vector<Unfinished> unfinished() const;
    /// When it is no extension that the host waits for.
    void say_what_is_pending();
    [[nodiscard]] bool wait_for_requests(std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] bool end_extensions(std::chrono::steady_clock::time_point deadline);
    void on_packet(const Packet& packet);
    void on_io(Connection& connection, const Packet& packet);

    const Options options_;
    Winsock winsock_;
    Activity activity_;
    Counters counters_;
    Exposures exposures_;
    Mutex served_guard_;
    std::vector<ServedExtension> served_; ///< once they have ended
    ConnectionRegistry connections_;
    ExtensionCache extensions_;
    Atq atq_;
    IoPort io_;
    Listener listener_;
    Sessions sessions_;
    CallWatch calls_;
    std::optional<bool> has_stopped_; ///< how stop() ended
    std::jthread watch_;
    std::jthread ender_; ///< calls TerminateExtension, which may hang
};

} // namespace host
