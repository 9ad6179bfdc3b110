// A server that does what a script says, and keeps a ledger of it. A request for /N is served by script N.
#pragma once

#include "tests/script_server/ledger.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <thread>
#include <vector>

#ifdef LOADGEN_HAS_HTTPS
#include <boost/asio/ssl/context.hpp>
#endif

namespace loadgen {

#ifdef LOADGEN_HAS_HTTPS
using TlsContext = boost::asio::ssl::context;
#else
class TlsContext; // there is never one
#endif

struct Play {
    std::vector<Script> scripts;
    Circumstances circumstances; ///< as far as they are the same for all
    double odd_receptions = 0;   ///< share of the connections that aren't received normally
    std::uint64_t seed = 0;      ///< of the receptions
    TlsContext* tls = nullptr;   ///< must outlive the server; nullptr: http
};

/// Serves in a thread of its own, on a port of the system's choice.
class ScriptServer {
  public:
    /// The play must outlive it.
    explicit ScriptServer(const Play& play);
    ~ScriptServer();
    ScriptServer(const ScriptServer&) = delete;
    ScriptServer& operator=(const ScriptServer&) = delete;

    std::uint16_t port() const { return endpoint_.port(); }

    /// After its clients have closed all their connections: waits until it has noticed.
    Ledger finish();

  private:
    boost::asio::awaitable<void> accept_connections();
    Reception draw_reception();

    const Play& play_;
    std::mt19937_64 random_;
    std::deque<LedgerConnection> connections_; // whose places stay
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::endpoint endpoint_;
    std::atomic<std::uint16_t> last_port_ = 0; // of the connection behind which no other is to come
    std::jthread thread_;                      // last: joined before what it uses goes
};

} // namespace loadgen
