// One AcceptEx, posted by a thread of its own that waits for its exit, on a listening socket of its own.
#pragma once

#include "cases.hpp"

#include "base/handles.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace probe {

/// What came out of the completion port.
struct Packet {
    DWORD error = 0;
    DWORD bytes = 0;
};

class PendingAccept {
  public:
    /// Returns when AcceptEx has returned, and its thread waits.
    explicit PendingAccept(const Case& what);
    PendingAccept(const PendingAccept&) = delete;
    PendingAccept& operator=(const PendingAccept&) = delete;
    ~PendingAccept();

    std::uint16_t port() const noexcept { return tcp_port_; }
    /// Until the client is on this AcceptEx, or has completed it; throws if it does not come to that.
    void wait_for_connection() const;
    void wait_for_completion() const;

    /// Returns when the thread has ended.
    void end_thread();
    void cancel();
    void close_listener() noexcept { listener_.reset(); }
    void close_accepted() noexcept { accepted_.reset(); }

    /// Empty: none came.
    std::optional<Packet> take_packet(std::chrono::milliseconds patience);
    /// False: it is pending still.
    bool completes(std::chrono::milliseconds patience) const;
    bool pending() const noexcept;
    /// The NTSTATUS in the OVERLAPPED.
    std::uint32_t status() const noexcept;
    ULONG_PTR bytes() const noexcept;

    SOCKET listener() const noexcept { return listener_.get(); }
    SOCKET accepted() const noexcept { return accepted_.get(); }

  private:
    struct Request;
    static DWORD WINAPI post_and_wait(void* self) noexcept;
    void prepare(const Case& what);

    host::UniqueSocket listener_;
    host::UniqueSocket accepted_;
    host::UniqueHandle completion_port_;
    host::UniqueHandle posted_;
    host::UniqueHandle leave_;
    host::UniqueHandle thread_;
    Request& request_;
    unsigned length_;
    std::uint16_t tcp_port_ = 0;
    DWORD error_ = 0; // of AcceptEx
};

/// SO_CONNECT_TIME of a socket: its seconds, or what failed.
struct ConnectTime {
    DWORD seconds = 0;
    DWORD error = 0;
    bool connected() const noexcept { return error == 0 && seconds != 0xFFFFFFFF; }
};
ConnectTime connect_time(SOCKET socket) noexcept;

} // namespace probe
