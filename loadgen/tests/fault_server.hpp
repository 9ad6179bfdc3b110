// A server that misbehaves on purpose, in exactly known numbers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace loadgen {

/// What happens to the request it befalls. `reset` is a RST, `close` a FIN.
enum class Fault {
    none,
    reset_on_accept,
    close_on_accept,
    fin_then_reset_unread, ///< FIN, then a RST while the request is still being written
    reset_after_request,
    close_after_request,
    silence_after_request,
    reset_in_head,
    close_in_head,
    silence_in_head,
    reset_in_body,
    close_in_body,
    close_in_chunk,
    close_before_length, ///< Content-Length promises more than comes
    garbage,
    reset_after_answer,
    silence_after_answer, ///< says Connection: close, and doesn't
    surplus_after_answer, ///< more bytes than Content-Length says
    late_surplus,         ///< the same, but not at once
    reset_when_idle,      ///< on a kept connection, after the answer
    close_when_idle,
};

/// Listens on a free port of 127.0.0.1. A fault befalls every `every`-th request, counted over all
/// connections; with faults of the accept, every connection.
class FaultServer {
  public:
    FaultServer(Fault fault, unsigned every);
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    std::string url() const;
    std::uint64_t injected() const { return injected_; }

  private:
    boost::asio::awaitable<void> accept_connections();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);

    Fault fault_;
    unsigned every_;
    std::uint64_t requests_ = 0;
    std::atomic<std::uint64_t> injected_ = 0;
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::jthread thread_; // last: joined before what it uses goes
};

} // namespace loadgen
