// The connections: one context each, recycled for client after client, and a registry of them all.
#pragma once

#include "base/handles.hpp"
#include "base/mutex.hpp"
#include "faults/poster.hpp"
#include "net/request_parser.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace host {

enum class Operation {
    none,
    accept,
    read,
    call, ///< an extension's: `taker` gets the packet
};

/// Whoever takes the packets of an extension's own requests.
class PacketTaker {
  public:
    /// In a pool thread.
    virtual void on_packet(DWORD bytes, DWORD error, bool expired) noexcept = 0;

  protected:
    ~PacketTaker() = default;
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

    /// Before a request is posted, under `guard`: see IoPort::post.
    void prepare(Operation next, bool dies_with_thread) noexcept;

    struct Ended {
        Operation operation;
        bool expired; ///< a timeout had cancelled it, or tried to
    };
    /// After its packet was taken: nothing is pending any more.
    Ended end_operation() noexcept;

    /// The other's socket becomes this one's; the other is left without.
    void take_client_of(Connection& other) noexcept;

    /// Closes the socket and forgets the client.
    void close() noexcept;

    /// Received and not yet consumed.
    std::string_view unread() const noexcept { return {buffer.data(), buffered}; }
    void consume(std::size_t bytes) noexcept;

    /// Blocks until all is with the system; 0 or a Winsock error.
    DWORD send(std::string_view bytes) noexcept;
    /// To be called before anything is sent in another way.
    void prepare_send(std::size_t bytes) noexcept;

    /// Waits for bytes and adds them to the unread ones, of which there must be room for more. 0,
    /// and `bytes` is 0 at the client's end; or a Winsock error.
    DWORD receive(std::size_t& bytes) noexcept;
    WSABUF room() noexcept {
        return {static_cast<ULONG>(buffer.size() - buffered), buffer.data() + buffered};
    }

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
    Mutex guard;
    UniqueSocket socket;
    Operation operation = Operation::none;
    bool expired = false;
    std::chrono::steady_clock::time_point deadline; ///< of a read or call; an accept's: SO_CONNECT_TIME

    // The owner's.
    std::chrono::steady_clock::time_point posted_at;
    Poster posted_by;
    PacketTaker* taker = nullptr;
    bool on_port = false;                 ///< the socket's packets come to the port
    std::chrono::milliseconds patience{}; ///< how long a client may keep a send or receive waiting
    bool draining = false;                ///< answered and half closed: what still comes is thrown away
    std::chrono::steady_clock::time_point drained_by; ///< when that ends
    RequestParser parser;
    std::size_t buffered = 0;
    std::array<char, RequestParser::head_limit> buffer; ///< AcceptEx adds two addresses

  private:
    UniqueHandle event_;
    std::size_t sent_ = 0;   ///< to this client
    bool at_once_ = false;   ///< TCP_NODELAY is set
    bool may_wait_ = false;  ///< SO_SNDTIMEO is set
    bool may_stall_ = false; ///< SO_RCVTIMEO is set
};

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
    mutable Mutex guard_;
    std::vector<std::unique_ptr<Connection>> all_;
    std::vector<Connection*> free_;
};

} // namespace host
