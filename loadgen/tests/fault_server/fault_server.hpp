// A server that fails its clients on purpose, in exactly known numbers.
#pragma once

#include "tests/fault_server/fault.hpp"
#include "tests/fault_server/schedule.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace loadgen {

/// How often a fault befell a request on a new connection, and on one that had carried a request before.
struct Injected {
    std::atomic<std::uint64_t> fresh = 0;
    std::atomic<std::uint64_t> reused = 0;

    std::uint64_t sum() const { return fresh + reused; }
};

/// Serves in a thread of its own, from construction to destruction.
class FaultServer {
  public:
    /// Faults befall every `every`-th request, counted over all connections (those of the accept: every
    /// `every`-th connection), each fault in its turn, and none after the first `until`. With a fault of the
    /// handshake, every connection. Port 0: the system picks one.
    FaultServer(const std::vector<const Fault*>& faults, std::uint64_t every,
                std::uint64_t until = FaultSchedule::for_ever,
                const boost::asio::ip::tcp::endpoint& at = {boost::asio::ip::address_v4::loopback(), 0});
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    /// From now on nobody is served for the first `length` of every `period`.
    void stall(std::chrono::milliseconds length, std::chrono::milliseconds period);

    const boost::asio::ip::tcp::endpoint& endpoint() const { return endpoint_; }
    std::string url() const;

    /// Counted before it happens, so that whoever has met a fault finds it counted. What befalls the
    /// handshake the kernel does, uncounted.
    const Injected& injected(const Fault& fault) const { return injected_.at(&fault); }
    std::uint64_t injected() const;

  private:
    void listen(const boost::asio::ip::tcp::endpoint& at, bool long_requests);
    boost::asio::awaitable<void> accept_connections();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);

    FaultSchedule of_handshakes_;
    FaultSchedule of_connections_;
    FaultSchedule of_requests_;
    std::map<const Fault*, Injected>
        injected_; // all faults that may befall: of fixed shape, so read from any thread
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_{context_};
    boost::asio::ip::tcp::endpoint endpoint_;
    std::jthread thread_; // last: joined before what it uses goes
};

} // namespace loadgen
