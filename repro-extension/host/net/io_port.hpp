// How overlapped requests of connections are posted, whoever posts them.
#pragma once

#include "base/activity.hpp"
#include "base/options.hpp"
#include "net/atq.hpp"
#include "net/connection.hpp"

namespace host {

/// What came of posting a request.
struct Posted {
    bool under_way; ///< its packet will come, and the context belongs to whoever takes that
    DWORD error;    ///< what the call failed with at once; 0 if there was none
};

class IoPort {
  public:
    IoPort(Atq& atq, Activity& activity, ThreadExit thread_exit) noexcept
        : atq_(atq), activity_(activity), dies_with_thread_(thread_exit == ThreadExit::cancels) {}

    /// The way every request is posted. Under the connection's guard: `ready` makes its socket
    /// ready, or says with false that nothing is to be posted; the packet is entered into the
    /// activity; `start` makes the call, true if it went well. What fails at once sends no packet,
    /// and is undone.
    ///
    /// With ThreadExit::cancels the OVERLAPPED has an event: the system then cancels the request
    /// when the calling thread exits, and the packet, ERROR_OPERATION_ABORTED, arrives at the port.
    /// Without one a request on a port's handle outlives its thread. Both were seen on Wine, and are
    /// likely, but not measured by us, for Windows since Vista (README.md, "What is known of real
    /// Windows").
    template <class Ready, class Start>
    [[nodiscard]] Posted post(Connection& connection, Operation next, Ready ready, Start start) noexcept;

    /// A packet that no request has sent. False: the port takes none.
    [[nodiscard]] bool post(PacketKind kind, Connection* connection) noexcept;

    /// For `start` of post(): sends the packet of a request that has nothing to wait for.
    [[nodiscard]] bool send_end_of(Connection& connection) noexcept {
        return atq_.post(PacketKind::io, &connection);
    }

    /// The packets of the connection's socket come to the port from now on; false: they cannot.
    [[nodiscard]] bool associate(Connection& connection) noexcept;
    [[nodiscard]] bool associate(SOCKET socket) noexcept { return atq_.associate(socket); }

    /// Nothing new is to be begun.
    bool stopping() const noexcept { return activity_.stopping(); }
    Activity& activity() noexcept { return activity_; }

  private:
    Atq& atq_;
    Activity& activity_;
    bool dies_with_thread_;
};

template <class Ready, class Start>
Posted IoPort::post(Connection& connection, Operation next, Ready ready, Start start) noexcept {
    const std::lock_guard lock(connection.guard);
    if (!ready())
        return {false, 0};
    connection.prepare(next, dies_with_thread_);
    activity_.enter();
    if (start() || WSAGetLastError() == WSA_IO_PENDING)
        return {true, 0};
    const auto error = static_cast<DWORD>(WSAGetLastError());
    connection.operation = Operation::none;
    activity_.leave();
    return {false, error};
}

inline bool IoPort::post(PacketKind kind, Connection* connection) noexcept {
    activity_.enter();
    if (atq_.post(kind, connection))
        return true;
    activity_.leave();
    return false;
}

inline bool IoPort::associate(Connection& connection) noexcept {
    connection.on_port = connection.on_port || atq_.associate(connection.socket.get());
    return connection.on_port;
}

} // namespace host
