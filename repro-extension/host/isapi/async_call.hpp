// The asynchronous calls of an extension: WriteClient, ASYNC_READ_CLIENT, TRANSMIT_FILE, VECTOR_SEND.
#pragma once

#include "net/connection.hpp"
#include "net/io_port.hpp"

#include <mswsock.h>

#include <httpext.h>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace host {

/// Whom the end of an asynchronous call is told: HSE_REQ_IO_COMPLETION.
struct Callback {
    PFN_HSE_IO_COMPLETION function = nullptr;
    void* context = nullptr;
};

/// What HSE_REQ_TRANSMIT_FILE sends, one after the other.
struct FileToSend {
    std::string head;
    HANDLE file; ///< null: only head and tail
    DWORD offset;
    DWORD bytes; ///< 0: to the file's end
    std::string_view tail;
};

/// At most one such call of a request is under way. It is posted in the thread that makes it and, as
/// on NT 4.0 and 2000, dies with it. Nothing here is thread-safe: a control block locks.
class AsyncCall {
  public:
    AsyncCall(IoPort& io, PacketTaker& taker, std::chrono::milliseconds timeout) noexcept
        : io_(io), taker_(taker), timeout_(timeout) {}

    bool under_way() const noexcept { return kind_ != Kind::none; }

    /// Each begins a call, and returns 0 if its end will be told, or else a Win32 error. Memory is
    /// the caller's until then.
    DWORD write(Connection& connection, const Poster& poster, Callback callback, std::string_view bytes);
    DWORD write_own(Connection& connection, const Poster& poster, Callback callback, std::string bytes);
    DWORD read(Connection& connection, const Poster& poster, Callback callback, std::span<char> room);
    DWORD transmit(Connection& connection, const Poster& poster, Callback callback, FileToSend what);

    struct Ended {
        Callback callback;
        DWORD bytes;
        DWORD error;
        bool by_thread_exit; ///< the system cancelled it, since the thread that had posted it exited
    };
    /// A packet came. Nothing: the call goes on.
    [[nodiscard]] std::optional<Ended> on_packet(Connection& connection, DWORD bytes, DWORD error,
                                                 bool expired);

    /// Asks the system to end it; its packet comes.
    void cancel(Connection& connection) noexcept;

  private:
    enum class Kind { none, send, read, read_at_once };

    template <class Start>
    DWORD post(Connection& connection, const Poster& poster, Start start);
    DWORD begin_read(Connection& connection, const Poster& poster);
    DWORD begun(Kind kind, Callback callback, DWORD error);

    IoPort& io_;
    PacketTaker& taker_;
    std::chrono::milliseconds timeout_;
    Kind kind_ = Kind::none;
    Callback callback_;
    bool cancelled_ = false;
    std::string own_;              ///< what is sent and belongs to nobody else
    TRANSMIT_FILE_BUFFERS ends_{}; ///< of the file, for TransmitFile
    std::span<char> room_;         ///< of a read
    DWORD read_ = 0;               ///< into it, where that was there at once
};

} // namespace host
