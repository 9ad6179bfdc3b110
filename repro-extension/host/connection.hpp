// The connections: one context each, recycled for client after client, and a registry of them all.
#pragma once

#include "activity.hpp"
#include "handles.hpp"
#include "poster.hpp"
#include "request_parser.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace host {

enum class Operation { none, accept, read };

/// What came of posting a request.
struct Posted {
    bool under_way; ///< its packet will come, and the context belongs to whoever takes that
    DWORD error;    ///< what the call failed with at once; 0 if there was none
};

/// An ATQ context: one accept socket and its overlapped requests, of which at most one is pending.
/// It is recycled for client after client and freed at the host's end only, so a late packet always
/// finds it. It belongs to whoever has taken its packet, or to the control block of the request it
/// carries; only what `guard` covers is shared.
class Connection : public OVERLAPPED {
  public:
    /// What an AcceptEx reads at once. Small: Wine 8's server leaks that much per connection that
    /// sends late.
    static constexpr DWORD accept_read_size = 1024;

    Connection();

    /// The way every request is posted. Under `guard`: `ready` makes the socket ready, or says with
    /// false that nothing is to be posted; the packet is entered into `activity`; `start`
    /// makes the call, true if it went well. What fails at once sends no packet, and is undone.
    ///
    /// `dies_with_thread` gives the OVERLAPPED an event: the system then cancels the request when
    /// the calling thread exits, and the packet, ERROR_OPERATION_ABORTED, arrives at the port.
    /// Without one a request on a port's handle outlives its thread since Vista (Wine's conformance
    /// test test_async_thread_termination in dlls/ws2_32/tests/afd.c).
    template <class Ready, class Start>
    [[nodiscard]] Posted post(Operation next, bool dies_with_thread, Activity& activity, Ready ready,
                              Start start) noexcept;

    struct Ended {
        Operation operation;
        bool expired; ///< a timeout had cancelled it, or tried to
    };
    /// After its packet was taken: nothing is pending any more.
    Ended end_operation() noexcept;

    /// Closes the socket and forgets the client.
    void close() noexcept;

    /// Received and not yet consumed.
    std::string_view unread() const noexcept { return {buffer.data(), buffered}; }
    void consume(std::size_t bytes) noexcept;

    /// Blocks until all is with the system; 0 or a Winsock error.
    DWORD send(std::string_view bytes) const noexcept;

    /// Whether a client was matched to the accept socket (SO_CONNECT_TIME), and how long ago.
    enum class Client { none, connected, unknown };
    Client client(std::chrono::seconds* since = nullptr) const noexcept;

    /// Since the pending request was posted.
    std::chrono::microseconds age() const noexcept {
        return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                                     posted_at);
    }

    /// The client has neither closed its side nor gone, as far as is known without waiting.
    bool peer_is_there() const noexcept;

    /// The client has closed its side and left nothing to read. Leaves the socket non-blocking:
    /// only for one that is to be closed.
    bool at_end() const noexcept;

    // Guarded, because the scan for timeouts looks at contexts it does not own.
    std::mutex guard;
    UniqueSocket socket;
    Operation operation = Operation::none;
    bool expired = false;
    std::chrono::steady_clock::time_point deadline; ///< of a read; an accept's: SO_CONNECT_TIME

    // The owner's.
    std::chrono::steady_clock::time_point posted_at;
    Poster posted_by;
    bool on_port = false;  ///< the socket's packets come to the port
    bool draining = false; ///< answered and half closed: what still comes is thrown away
    std::chrono::steady_clock::time_point drained_by; ///< when that ends
    RequestParser parser;
    std::size_t buffered = 0;
    std::array<char, RequestParser::head_limit> buffer; ///< AcceptEx adds two addresses

  private:
    void prepare(Operation next, bool dies_with_thread) noexcept;

    UniqueHandle event_;
};

template <class Ready, class Start>
Posted Connection::post(Operation next, bool dies_with_thread, Activity& activity, Ready ready,
                        Start start) noexcept {
    const std::lock_guard lock(guard);
    if (!ready())
        return {false, 0};
    prepare(next, dies_with_thread);
    activity.enter();
    if (start() || WSAGetLastError() == WSA_IO_PENDING)
        return {true, 0};
    const auto error = static_cast<DWORD>(WSAGetLastError());
    operation = Operation::none;
    activity.leave();
    return {false, error};
}

/// Owns all contexts there ever were, and knows the free ones.
class ConnectionRegistry {
  public:
    /// A free context, or a new one.
    [[nodiscard]] Connection& acquire();
    void release(Connection& connection);

    /// Calls `visit` for every context, each locked by its guard.
    void for_each(const std::function<void(Connection&)>& visit);

    std::size_t size() const;

  private:
    mutable std::mutex guard_;
    std::vector<std::unique_ptr<Connection>> all_;
    std::vector<Connection*> free_;
};

} // namespace host
